package io.loggos.paxos.sim.snapshot;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs in the order of messages in flight are caught. */
class SnapshotMutantsTest {
    private static final int MOST_SEEDS = 100;

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "the turns that are decided are forgotten",
                        "Undelivered.java",
                        "return !packet.isTotal() || turns.isEmpty() || packet.isSame(turns.peekFirst());",
                        "return true;"),
                new Mutant(
                        "the turns that a member does not know yet are forgotten",
                        "Undelivered.java",
                        ".forEach(packet -> order.addAll(packet.sent.place().order()));",
                        ".forEach(packet -> {});"),
                new Mutant(
                        "the turns of the member that has taken most are all",
                        "Undelivered.java",
                        "if (known.size() > turns.size()) {",
                        "if (turns.isEmpty() || known.size() < turns.size()) {"),
                new Mutant(
                        "messages that wait at their sender come first",
                        "Undelivered.java",
                        "                        messages.add(new InFlight<>(sender, to, queued.message()));",
                        "                        messages.add(0, new InFlight<>(sender, to, queued.message()));"),
                new Mutant(
                        "order numbers of the turn of the cut are forgotten",
                        "ViewChannel.java",
                        "may not have been searched yet.\n        takeOrderNumbers();",
                        "may not have been searched yet."),
                new Mutant(
                        "a member records no turns",
                        "ChannelCut.java",
                        "senders, order, kept",
                        "senders, List.of(), kept"));
    }

    @TempDir
    private Path directory;

    /** One seed in a hundred shows it. */
    @Tag("long")
    @Test
    void causesThatComeLateAreCaught() throws IOException, ReflectiveOperationException {
        new Mutant(
                        "messages in flight come before their causes",
                        "Undelivered.java",
                        "if (rank != packet.rank && !causes.isEmpty()",
                        "if (false && !causes.isEmpty()")
                .mustBeCaught(directory, SnapshotRun.class, 0, MOST_SEEDS);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutants")
    void isCaught(Mutant mutant) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, SnapshotRun.class, 0, MOST_SEEDS);
    }
}
