package io.loggos.paxos.sim.mutant;

import io.loggos.paxos.sim.SimRun;
import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs in what happens when nodes meet late, or come back without their disks. */
class EdgeMutantsTest {
    private static final int MOST_SEEDS = 400;

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "promises before all have met this node",
                        "PeerMessages.java",
                        "if (!configuration.mayVote() || !acceptor.isBallotOf(from, prepare.ballot())) {",
                        "if (!acceptor.isBallotOf(from, prepare.ballot())) {"),
                new Mutant(
                        "votes before all have met this node",
                        "PeerMessages.java",
                        "if (!configuration.mayVote() || !acceptor.isBallotOf(from, accept.ballot())) {",
                        "if (!acceptor.isBallotOf(from, accept.ballot())) {"),
                new Mutant(
                        "a node that was wiped is let in",
                        "Handshake.java",
                        "if (settings.roster().meet(peer, incarnation)) {",
                        "settings.roster().meet(peer, incarnation); if (true) {"),
                new Mutant(
                        "a node that is not part of the cluster answers reads",
                        "LoopReplicas.java",
                        "if (!process.core().isFormed()) {",
                        "if (false) {"),
                new Mutant(
                        "a node that is not part of the cluster asks the leader for reads",
                        "RequestRouting.java",
                        "        if (isFormed) {\n",
                        "        if (true) {\n"),
                new Mutant(
                        "the open slots are larger than a link's buffer",
                        "PhaseTwo.java",
                        " && (isEmpty() || bytes <= limits.windowBytes())",
                        ""),
                new Mutant(
                        "a promise ends with its first part",
                        "Acceptor.java",
                        "ballot, learnedThrough, truncatedBelow, parts++, false, List.copyOf(part)));",
                        "ballot, learnedThrough, truncatedBelow, parts++, true, List.copyOf(part)));"));
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, SimRun.class, 0, MOST_SEEDS);
    }
}
