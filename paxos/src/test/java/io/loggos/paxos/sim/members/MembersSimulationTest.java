package io.loggos.paxos.sim.members;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of the members beside all faults: all predicates of the log hold, and every change completes. */
class MembersSimulationTest {
    private static final int MOST_SEEDS = 120;

    private static final List<String> SITUATIONS = List.of(
            "proposes a stop-sign",
            "enters a configuration",
            "message of another configuration",
            "a node is wiped",
            "change: done",
            "change: CONFIG_CONFLICT",
            "change: BUSY",
            "change: UNREACHABLE",
            "change: INVALID",
            "a node knows another configuration than the first");

    @Test
    void fixedSeedsHoldAllPredicates() {
        MembersRun.SEEDS
                .fixed(60)
                .ifPresent(outcome ->
                        assertEquals(List.of(), outcome.unreached(SITUATIONS), "situations that no seed reaches"));
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        MembersRun.SEEDS.fresh(10);
    }

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "a configuration is in force before it is chosen",
                        "Acceptor.java",
                        "        open.put(slot, LogEntry.of(slot, ballot, value));\n",
                        "        open.put(slot, LogEntry.of(slot, ballot, value));\n"
                                + "        if (io.loggos.paxos.core.model.Batch.isStopSign(value)) {"
                                + " io.loggos.paxos.core.model.Configuration next ="
                                + " java.util.Objects.requireNonNull(io.loggos.paxos.core.model.Batch.parse(value).next());"
                                + " out.persist(new LogRecord.Configured(log, next.number(), slot, promised, next.toBytes())); }\n"),
                new Mutant(
                        "a quorum of the last configuration decides a slot of the next",
                        "Reconfiguration.java",
                        "        leadership.onConfiguration(now);\n",
                        "        if (!proposer.leads()) { leadership.onConfiguration(now); }\n"),
                new Mutant(
                        "a lease goes on behind the stop-sign",
                        "Reconfiguration.java",
                        "            if (!proposer.isStopping()) {\n",
                        "            if (false) {\n"),
                new Mutant(
                        "a message counts in any configuration",
                        "PeerMessages.java",
                        "if (number == configuration.number() && isMember) {",
                        "if (isMember) {"),
                new Mutant(
                        "a store that is no member counts",
                        "PeerMessages.java",
                        "if (number == configuration.number() && isMember) {",
                        "if (number == configuration.number()) {"),
                new Mutant(
                        "a learner votes",
                        "Configuration.java",
                        "return bit(node) != 0 && has(node, incarnation);",
                        "return has(node, incarnation);"),
                new Mutant(
                        "values of the last configuration stay behind its stop-sign",
                        "Learner.java",
                        "        acceptor.dropVoid();\n",
                        ""),
                new Mutant(
                        "values of the last configuration come back from the disk",
                        "OpenedLog.java",
                        "|| entry.ballot().isAbove(configured.voided()))",
                        "|| true)"),
                new Mutant(
                        "the configuration is not in the checkpoint",
                        "StateMachineHost.java",
                        "        configuration.restore(state.configuration());\n",
                        ""),
                new Mutant(
                        "a leader proposes behind the stop-sign",
                        "Proposer.java",
                        "        while (!stopSign.isProposed()\n",
                        "        while (true\n"),
                new Mutant(
                        "phase 1 keeps what it finds behind a stop-sign",
                        "PhaseOne.java",
                        "values.tailMap(entry.slot(), false).clear();",
                        "values.size();"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, MembersRun.class, 0, MOST_SEEDS);
    }
}
