package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Slot;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Replica;
import io.loggos.paxos.sim.SimNode;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads by lease where a leader has just lost its place and cannot know it (RULES.md L-1 to L-4). C leads at first. */
public class LeaseScenarioTest {
    private static final List<Consumer<LeaseScenarioTest>> SCENARIOS = List.of(
            LeaseScenarioTest::leaderWithALeaseAnswersAlone,
            LeaseScenarioTest::followerAsksTheLeaderOnly,
            LeaseScenarioTest::leaderThatStoodStillAnswersNothingOld,
            LeaseScenarioTest::leaseBeginsBeforeTheQuestionLeaves,
            LeaseScenarioTest::acceptorThatStoodStillGrantsFromItsReceipt,
            LeaseScenarioTest::grantsOutlastRestarts,
            LeaseScenarioTest::transferWaitsForNoGrant,
            LeaseScenarioTest::leaderThatHandsOverHasNoLease);

    private Scenario s = scenario(1);

    private static Scenario scenario(long seed) {
        return new Scenario(SimSettings.calm(3).withLeases(), 'C', seed);
    }

    /** Runs all scenarios inside the class loader of a mutant. Returns what has failed first, or an empty text. */
    public static String firstViolation(long first, int count) {
        for (Consumer<LeaseScenarioTest> scenario : SCENARIOS) {
            for (long seed = first; seed < first + count; seed++) {
                try {
                    LeaseScenarioTest test = new LeaseScenarioTest();
                    test.s = scenario(seed);
                    scenario.accept(test);
                } catch (AssertionError | RuntimeException failure) {
                    return String.valueOf(failure.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse("") + " in a scenario";
                }
            }
        }
        return "";
    }

    private CompletableFuture<Long> readByLease(char letter) {
        return s.read(letter, Consistency.LEASE);
    }

    /** Lets C have a lease that has just begun. */
    private void lease() {
        s.writes('C', 1);
        s.rest(1.5);
        for (int i = 0; i < 3; i++) {
            CompletableFuture<Long> read = readByLease('C');
            s.within(0.1, "a read", read::isDone);
            s.rest(0.02);
        }
        assertTrue(leased('C'));
    }

    private boolean leased(char letter) {
        return s.node(letter).gauges().value("loggos.leased", "log", SimNode.LOG_NAME) == 1;
    }

    /** Cuts C off, so that its peers notice at once. */
    private void isolate() {
        s.onlyLinks("AB");
        for (char peer : List.of('A', 'B')) {
            s.cluster().network.breakConnection(s.id('C'), s.id(peer));
            s.cluster().network.breakConnection(s.id(peer), s.id('C'));
        }
    }

    private boolean anotherLeads() {
        return s.leads('A') || s.leads('B');
    }

    @Test
    void leaderWithALeaseAnswersAlone() {
        lease();
        s.onlyLinks("AB");
        CompletableFuture<Long> alone = readByLease('C');
        CompletableFuture<Long> confirmed = s.read('C');
        s.within(0.05, "a read by lease", alone::isDone);
        alone.join();
        s.rest(0.3);
        assertFalse(confirmed.isDone());
        s.heal();
        s.within(6, "the other read", confirmed::isDone);
    }

    @Test
    void followerAsksTheLeaderOnly() {
        lease();
        s.onlyLinks("AC");
        CompletableFuture<Long> read = readByLease('A');
        s.within(0.05, "a read by lease", read::isDone);
        read.join();
    }

    /** RULES.md L-2: the leader's thread stands still between the time that it has read and the read that it takes. */
    @Test
    void leaderThatStoodStillAnswersNothingOld() {
        lease();
        SimNode c = s.node('C');
        List<CompletableFuture<Long>> reads = new ArrayList<>();
        c.crank().standStill(() -> {
            c.pause();
            s.onlyLinks("AB");
            s.within(6, "another leader", this::anotherLeads);
            s.writes(s.leads('A') ? 'A' : 'B', 2);
            reads.add(readByLease('C'));
            c.resume();
        });
        s.within(7, "a read of C that goes on", () -> !reads.isEmpty());
        s.rest(1);
        s.heal();
        s.within(12, "the read", () -> reads.get(0).isDone());
    }

    /** RULES.md L-1: the answers take long, and nothing of the leader comes after the questions. */
    @Test
    void leaseBeginsBeforeTheQuestionLeaves() {
        lease();
        s.rest(1.5);
        long late = s.cluster().settings().electionNanos() * 18 / 100;
        for (char peer : List.of('A', 'B')) {
            s.cluster().network.delay(s.id(peer), s.id('C'), late, late + 1);
        }
        CompletableFuture<Long> first = readByLease('C');
        s.within(1, "a read", first::isDone);
        CompletableFuture<Long> second = readByLease('C');
        s.rest(0.01);
        for (char peer : List.of('A', 'B')) {
            s.cluster().network.cut(s.id('C'), s.id(peer));
        }
        s.within(1, "a read", second::isDone);
        assertTrue(leased('C'));
        isolate();
        s.within(5, "another leader", this::anotherLeads);
        s.writes('A', 2);
    }

    /** RULES.md L-1: an acceptor's thread stands still between the time that it has read and the question that it takes. */
    @Test
    void acceptorThatStoodStillGrantsFromItsReceipt() {
        lease();
        s.onlyLinks("BC");
        s.rest(0.55);
        SimNode b = s.node('B');
        long[] resumedAt = {0};
        b.crank().standStill(() -> {
            b.pause();
            s.rest(0.2);
            CompletableFuture<Long> unused = readByLease('C');
            s.rest(0.7);
            b.resume();
            resumedAt[0] = s.cluster().time.nanos();
        });
        s.within(2, "B goes on", () -> resumedAt[0] > 0);
        s.rest(0.02);
        s.onlyLinks("AB");
        s.cluster().network.breakConnection(s.id('B'), s.id('C'));
        s.cluster().network.breakConnection(s.id('C'), s.id('B'));
        s.within(6, "another leader", this::anotherLeads);
        s.rest(1);
    }

    /** RULES.md L-3. */
    @Test
    void grantsOutlastRestarts() {
        lease();
        isolate();
        for (char letter : List.of('A', 'B')) {
            s.node(letter).crash(true);
            s.node(letter).start();
        }
        s.within(5, "another leader", this::anotherLeads);
        s.writes('A', 2);
        assertFalse(leased('C'));
    }

    /** RULES.md L-4: a transfer takes as long as without leases. */
    @Test
    void transferWaitsForNoGrant() {
        lease();
        CompletableFuture<Void> transfer = s.transfer('A');
        s.within(0.05, "the transfer", transfer::isDone);
        transfer.join();
        s.writes('B', 0.1);
    }

    /** RULES.md L-4: the leader hears nothing of the new one. */
    @Test
    void leaderThatHandsOverHasNoLease() {
        lease();
        CompletableFuture<Void> transfer = s.transfer('A');
        s.within(0.05, "an invitation", () -> s.cluster().journal.counts().containsKey("invited"));
        s.cluster().network.cut(s.id('A'), s.id('C'));
        s.cluster().network.cut(s.id('B'), s.id('C'));
        s.within(0.1, "another leader", () -> s.leads('A'));
        CompletableFuture<?> write = s.write('A');
        CompletableFuture<Long> read = readByLease('C');
        s.within(0.1, "a write", write::isDone);
        CompletableFuture<Long> later = readByLease('C');
        s.rest(0.2);
        assertFalse(leased('C'));
        s.heal();
        s.within(6, "the reads", () -> read.isDone() && later.isDone() && transfer.isDone());
    }

    /** It asks nobody: what the replica has is read without contact, and what it lacks is waited for. */
    @Test
    void readBehindASlotWaitsForThisReplica() {
        s.writes('C', 1);
        s.rest(0.5);
        Slot here = s.status('A').appliedSlot();
        Replica a = s.node('A').replica();
        s.onlyLinks("BC");
        CompletableFuture<ReadResult<Slot>> seen = a.read(here, () -> here);
        CompletableFuture<ReadResult<Slot>> late = a.read(Slot.of(here.value() + 1), () -> here);
        s.within(0.05, "a read of what is here", seen::isDone);
        assertEquals(here, seen.join().slot());
        s.writes('C', 1);
        s.rest(1);
        assertFalse(late.isDone());
        s.heal();
        s.within(4, "a read of what comes", late::isDone);
        assertEquals(here.value() + 1, late.join().slot().value());
        CompletableFuture<ReadResult<Slot>> never = a.read(Slot.of(1_000), () -> here);
        s.within(6, "the end of a read in vain", never::isDone);
        assertTrue(never.isCompletedExceptionally());
    }

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "a lease counts from the receipt",
                        "Lease.java",
                        "        sinceNanos = askedAtNanos;\n",
                        "        sinceNanos = now;\n"),
                new Mutant(
                        "the lease is checked before the reads are taken",
                        "NodeLoop.java",
                        "parts.logs.endTurn(parts.clock.nanos(), parts.clock.wallMillis());",
                        "parts.logs.endTurn(now, 0);"),
                new Mutant(
                        "a transfer keeps the lease",
                        "Lease.java",
                        "        end();\n        if (round > 0)",
                        "        if (round > 0)"),
                new Mutant(
                        "a transfer does not end the grants",
                        "Transfer.java",
                        "            lease.giveUp(ballot, out);\n",
                        ""));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, LeaseScenarioTest.class, 1, 5);
    }
}
