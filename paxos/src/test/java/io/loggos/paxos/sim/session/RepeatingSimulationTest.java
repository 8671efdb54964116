package io.loggos.paxos.sim.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Commands with ids beside all faults: each takes effect at most once, and all its answers are the first one. */
class RepeatingSimulationTest {
    private static final int MOST_SEEDS = 60;

    private static final List<String> SITUATIONS = List.of(
            "a first answer",
            "a repeated answer",
            "a command answered again and again",
            "a command without an answer",
            "a request too old",
            "an outcome",
            "an outcome that is not there yet");

    @Test
    void fixedSeedsHoldAllPredicates() {
        RepeatingRun.SEEDS
                .fixed(25)
                .ifPresent(outcome ->
                        assertEquals(List.of(), outcome.unreached(SITUATIONS), "situations that no seed reaches"));
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        RepeatingRun.SEEDS.fresh(8);
    }

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "the answers to ids are not in the checkpoint",
                        "StateMachineHost.java",
                        "        requests.restore(state.requests());\n",
                        ""),
                new Mutant(
                        "answers are forgotten by the local clock",
                        "NamedCommands.java",
                        "table.expire(logTimeMillis, retentionMillis);",
                        "table.expire(logTimeMillis + nowNanos / 1_000_000 % (retentionMillis + 1), retentionMillis);"),
                new Mutant(
                        "the answer of another command",
                        "RequestTable.java",
                        "return byKey.get(key);",
                        "return byKey.containsKey(key) ? oldestFirst.getLast() : null;"),
                new Mutant(
                        "an id that was forgotten counts as new",
                        "RequestTable.java",
                        "return after >= droppedThrough;",
                        "return after >= 0;"),
                new Mutant(
                        "a forwarded command loses its id",
                        "Submissions.java",
                        "submission.named = Batch.isNamed(written);",
                        "submission.named = false;"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, RepeatingRun.class, 0, MOST_SEEDS);
    }
}
