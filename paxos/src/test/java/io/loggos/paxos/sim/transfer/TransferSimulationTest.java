package io.loggos.paxos.sim.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Transfers of leadership beside all faults: all predicates of the log hold, and every transfer ends. */
class TransferSimulationTest {
    private static final int MOST_SEEDS = 60;

    private static final List<String> SITUATIONS = List.of(
            "begins a transfer",
            "invited",
            "transferred",
            "transfer abandoned",
            "transfer: done",
            "transfer: NOT_LEADER",
            "transfer: UNKNOWN_TARGET",
            "transfer: UNREACHABLE_TARGET",
            "transfer: TIMED_OUT");

    @Test
    void fixedSeedsHoldAllPredicates() {
        TransferRun.SEEDS
                .fixed(40)
                .ifPresent(outcome ->
                        assertEquals(List.of(), outcome.unreached(SITUATIONS), "situations that no seed reaches"));
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        TransferRun.SEEDS.fresh(8);
    }

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "a leader whose transfer has failed proposes nothing any more",
                        "Transfer.java",
                        "        proposer.hold(false);\n",
                        ""),
                new Mutant(
                        "the target counts as leader once it is invited",
                        "Transfer.java",
                        "step == Step.INVITED && target != null && election.leader().isOf(target)",
                        "step == Step.INVITED && target != null"),
                new Mutant(
                        "a leader waits for its target for ever",
                        "Transfer.java",
                        "now >= deadlineNanos",
                        "deadlineNanos < 0"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, TransferRun.class, 0, MOST_SEEDS);
    }
}
