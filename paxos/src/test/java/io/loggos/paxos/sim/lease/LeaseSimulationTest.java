package io.loggos.paxos.sim.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.testkit.Mutant;
import io.loggos.testkit.UnitTests;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Leases beside all faults: MP16, and every read is linearizable. */
public class LeaseSimulationTest {
    private static final int MOST_SEEDS = 200;

    private static final List<String> SITUATIONS =
            List.of("takes a lease", "keeps a prepare until the end of a grant", "clocks differ", "transfer: done");

    @Test
    void fixedSeedsHoldAllPredicates() {
        LeaseRun.SEEDS
                .fixed(60)
                .ifPresent(outcome ->
                        assertEquals(List.of(), outcome.unreached(SITUATIONS), "situations that no seed reaches"));
    }

    @Test
    void freshSeedsHoldAllPredicates() {
        LeaseRun.SEEDS.fresh(20);
    }

    /** Runs the unit tests, and then seeds, inside the class loader of a mutant. */
    public static String firstViolation(long first, int count) {
        String failed = UnitTests.firstFailure(
                "io.loggos.paxos.core.lease.GrantTest",
                "io.loggos.paxos.core.lease.LeaseTest",
                "io.loggos.paxos.core.request.LinearizableReadTest");
        return failed.isEmpty() ? LeaseRun.firstViolation(first, count) : failed;
    }

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "an acceptor that has granted promises another node's ballot",
                        "PeerMessages.java",
                        "if (grant.bars(from, now) && prepare.ballot().isAbove(acceptor.promised())) {",
                        "if (false) {"),
                new Mutant(
                        "an acceptor that has granted becomes a candidate",
                        "Leadership.java",
                        "                && !grant.bars(self, now)\n",
                        ""),
                new Mutant(
                        "a restart forgets the grant",
                        "Grant.java",
                        "            untilNanos = now + limits.electionNanos();\n",
                        ""),
                new Mutant(
                        "a release ends the grants of later rounds",
                        "Grant.java",
                        "release.ballot().equals(ballot) && release.round() >= round",
                        "release.ballot().equals(ballot)"),
                new Mutant(
                        "a lease needs no quorum",
                        "Lease.java",
                        "        if (!configuration.isQuorum(grants)) {\n",
                        "        if (false) {\n"),
                new Mutant("a leader that was deposed keeps its lease", "ReadIndex.java", "        lease.end();\n", ""),
                new Mutant(
                        "a leader answers before a batch of its own ballot is chosen",
                        "ReadIndex.java",
                        "if (!leader.leads() || leader.chosenThrough() < leader.firstOwnSlot()) {",
                        "if (!leader.leads()) {"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, LeaseSimulationTest.class, 0, MOST_SEEDS);
    }
}
