package io.loggos.paxos.sim.mutant;

import io.loggos.paxos.sim.SimRun;
import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Bugs that only one seed in a hundred shows: the simulation judges them where there is time. */
class RareMutantsTest {
    private static final int MOST_SEEDS = 1_000;

    /** Unit tests judge these at once. */
    static List<Mutant> mutantsOfRoles() {
        return List.of(
                new Mutant(
                        "chosen without comparing ballots",
                        "Learner.java",
                        "if (entry == null || !entry.ballot().equals(ballot)) {",
                        "if (entry == null) {"),
                new Mutant(
                        "phase 1 takes the value of the lowest ballot",
                        "PhaseOne.java",
                        "return order >= 0 ? one : other;",
                        "return order <= 0 ? one : other;"),
                new Mutant(
                        "a no-op over a faulty slot",
                        "PhaseOne.java",
                        "if (accepted.faulty() && accepted.slot() > chosen) {",
                        "if (false) {"),
                new Mutant(
                        "a linearizable read asks nobody",
                        "ReadIndex.java",
                        "if (!configuration.isQuorum(confirmations)) {",
                        "if (false) {"));
    }

    static List<Mutant> mutantsBetweenRoles() {
        return List.of(
                new Mutant("the nonce of a read is used again", "Reads.java", "        nonce++;\n", ""),
                new Mutant(
                        "the log is read before what was learned is written",
                        "LogEffects.java",
                        "outbox.afterWrites(() -> services",
                        "java.util.Optional.of(outbox).ifPresent(unused -> services"),
                new Mutant(
                        "a node that is not part of the cluster asks the leader for reads",
                        "RequestRouting.java",
                        "        if (isFormed) {\n",
                        "        if (true) {\n"));
    }

    static Stream<Mutant> mutants() {
        return Stream.concat(mutantsOfRoles().stream(), mutantsBetweenRoles().stream());
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutantsOfRoles")
    void isCaughtByUnitTests(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, CoreMutantsTest.class, 0, 1);
    }

    @Tag("long")
    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @MethodSource("mutants")
    void isCaughtBySeeds(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, SimRun.class, 0, MOST_SEEDS);
    }
}
