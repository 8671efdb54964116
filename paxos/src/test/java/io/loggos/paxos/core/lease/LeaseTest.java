package io.loggos.paxos.core.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Address;
import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.NamedCaller;
import io.loggos.paxos.core.Recorder;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The leader's side of leases (RULES.md L-1 to L-5, L-9): an election timeout of 100 ns, a lease of 90, a heartbeat of 10. */
class LeaseTest {
    private static final long GRANT_NANOS = 100;
    private static final long LEASE_NANOS = 90;

    private final Lone lone = leasing(3);
    private final Recorder out = lone.out;

    private static Lone leasing(int voters) {
        return new Lone(voters, Lone.SESSION, RecoveredLog.EMPTY, 0, Lone.LIMITS_WITH_LEASES);
    }

    private List<PaxosMessage.Confirm> confirms() {
        return out.to(2, PaxosMessage.Confirm.class);
    }

    private PaxosMessage.Confirm lastConfirm() {
        return confirms().get(confirms().size() - 1);
    }

    private void answers(boolean granted) {
        lone.receive(
                3,
                new PaxosMessage.Confirmed(lastConfirm().ballot(), lastConfirm().round(), granted));
    }

    /** Makes the replica lead with a lease that begins now, and which a read has asked for. */
    private Ballot leadWithLease() {
        Ballot ballot = lone.leadAndChoose();
        lone.readByLease("first");
        answers(true);
        assertEquals(List.of("first"), out.readsRun);
        out.readsRun.clear();
        out.clearSent();
        return ballot;
    }

    @Test
    void leaderAnswersAloneWithinItsLease() {
        leadWithLease();
        lone.pass(LEASE_NANOS / 2 - 1);
        lone.readByLease("a");
        assertEquals(List.of("a"), out.readsRun);
        assertEquals(List.of(), confirms());
    }

    /** Leases are for reads that permit them: another read asks a quorum all the same. */
    @Test
    void linearizableReadAsksAQuorum() {
        leadWithLease();
        lone.read("a");
        lone.turn();
        assertEquals(List.of(), out.readsRun);
        assertEquals(0, lastConfirm().grantNanos());
    }

    @Test
    void anotherNodeIsAnsweredAtOnce() {
        leadWithLease();
        lone.receive(3, new PaxosMessage.ReadIndex(41, true));
        lone.receive(2, new PaxosMessage.ReadIndex(42, false));
        assertEquals(List.of(new PaxosMessage.ReadIndexAnswer(41, 1)), out.all(PaxosMessage.ReadIndexAnswer.class));
    }

    /** RULES.md L-1: the lease begins before the question leaves, however long the answer takes. */
    @Test
    void leaseBeginsBeforeTheQuestionLeaves() {
        lone.leadAndChoose();
        lone.readByLease("first");
        lone.pass(60);
        answers(true);
        lone.pass(LEASE_NANOS - 60 - 1);
        lone.readByLease("within");
        lone.pass(1);
        lone.readByLease("behind");
        assertEquals(List.of("first", "within"), out.readsRun);
    }

    /** RULES.md L-1: by the slowest clock of the leader, the lease is over before a grant by the fastest one is. */
    @Test
    void leaseIsShorterThanAGrantByTheErrorOfBothClocks() {
        TimingOptions timing = TimingOptions.builder()
                .electionTimeout(Duration.ofSeconds(1))
                .maxClockDriftPpm(10_000)
                .build();
        NodeOptions node = new NodeOptions(
                "test",
                NodeId.of(1),
                new Address("localhost", 1),
                new TreeMap<>(),
                Path.of("unused"),
                timing,
                TransportOptions.defaults(),
                StorageOptions.defaults(),
                UserCodeOptions.defaults(),
                SecurityOptions.defaults(),
                null);
        Limits limits = Limits.of(node, ReplicaOptions.defaults());
        double leaseAtMost = limits.leaseNanos() / (1 - 0.01);
        double grantAtLeast = limits.electionNanos() / (1 + 0.01);
        assertTrue(leaseAtMost <= grantAtLeast && leaseAtMost > 0.999 * grantAtLeast, () -> leaseAtMost + " ns");
    }

    /** RULES.md L-2: of what came in a turn, only a time that was read behind it tells anything. */
    @Test
    void timeOfTheTurnsEndCounts() {
        leadWithLease();
        lone.core.read(new NamedCaller("a"), true, lone.now());
        lone.core.endTurn(lone.now() + LEASE_NANOS, Lone.WALL_MILLIS, out);
        assertEquals(List.of(), out.readsRun);
        assertEquals(1, confirms().size());
    }

    /** A virtual machine that was suspended: its monotonic clock stood still, and its wall clock shows it. */
    @Test
    void wallClockThatHasGoneOnEndsTheLease() {
        leadWithLease();
        lone.core.read(new NamedCaller("a"), true, lone.now());
        lone.core.endTurn(lone.now(), Lone.WALL_MILLIS + 2, out);
        assertEquals(List.of(), out.readsRun);
    }

    @Test
    void leaseIsRenewedOnceItIsHalfOverWhileReadsWantIt() {
        leadWithLease();
        lone.pass(LEASE_NANOS / 2);
        lone.turn();
        assertEquals(List.of(), confirms());

        lone.readByLease("a");
        assertEquals(List.of("a"), out.readsRun);
        assertEquals(GRANT_NANOS, lastConfirm().grantNanos());
        lone.readByLease("b");
        assertEquals(1, confirms().size());
        answers(true);
        lone.pass(LEASE_NANOS - 1);
        lone.readByLease("c");
        assertEquals(List.of("a", "b", "c"), out.readsRun);
    }

    /** Grants of an earlier round, or of fewer than a quorum, make no lease. */
    @Test
    void grantsCountForTheRoundThatTheyName() {
        Ballot ballot = lone.leadAndChoose();
        lone.readByLease("a");
        long round = lastConfirm().round();
        lone.receive(3, new PaxosMessage.Confirmed(ballot, round - 1, true));
        answers(false);
        assertEquals(List.of("a"), out.readsRun);
        lone.readByLease("b");
        assertEquals(List.of("a"), out.readsRun);
        lone.receive(2, new PaxosMessage.Confirmed(ballot, round, true));
        lone.receive(3, new PaxosMessage.ReadIndex(41, true));
        assertEquals(List.of(new PaxosMessage.ReadIndexAnswer(41, 1)), out.all(PaxosMessage.ReadIndexAnswer.class));
    }

    /** RULES.md L-9: a leader that no quorum has answered lately asks for no grants, but whether it still leads. */
    @Test
    void leaderThatNoQuorumAnswersAsksForNoGrants() {
        lone.leadAndChoose();
        lone.pass(GRANT_NANOS);
        lone.readByLease("a");
        assertEquals(0, lastConfirm().grantNanos());
        answers(false);
        lone.turn();
        assertEquals(GRANT_NANOS, lastConfirm().grantNanos());

        for (int heartbeats = 0; heartbeats < 30; heartbeats++) {
            lone.readByLease("b");
            lone.tick(10);
        }
        assertEquals(0, lastConfirm().grantNanos());
    }

    /** RULES.md L-4: before another replica is invited to lead, the lease is given up and its grants end. */
    @Test
    void transferGivesTheLeaseUp() {
        Ballot ballot = leadWithLease();
        List<String> ends = new ArrayList<>();
        lone.core.transfer(NodeId.of(2), reason -> ends.add(String.valueOf(reason)), Long.MAX_VALUE, lone.now(), out);
        lone.receive(2, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 1, false));
        assertEquals(1, out.to(2, PaxosMessage.Invite.class).size());
        List<PaxosMessage.Release> releases = out.to(3, PaxosMessage.Release.class);
        assertEquals(List.of(new PaxosMessage.Release(ballot, releases.get(0).round())), releases);
        lone.readByLease("a");
        assertEquals(List.of(), out.readsRun);
        assertEquals(0, lastConfirm().grantNanos());

        // The target does not lead in time. A grant of a round before the invitation counts no more.
        lone.tick(GRANT_NANOS);
        assertEquals(List.of("TIMED_OUT"), ends);
        lone.receive(3, new PaxosMessage.Confirmed(ballot, releases.get(0).round(), true));
        lone.readByLease("b");
        assertFalse(out.readsRun.contains("b"));
    }

    /** RULES.md L-5, L-8: the lease of a single node needs no answer, and a batch of its ballot. */
    @Test
    void singleNodeReadsBehindItsFirstOwnBatch() {
        Lone alone = leasing(1);
        alone.campaign();
        alone.readByLease("a");
        assertEquals(List.of(), alone.out.readsRun);
        alone.sync();
        assertEquals(List.of("a"), alone.out.readsRun);
        alone.readByLease("b");
        assertEquals(List.of("a", "b"), alone.out.readsRun);
    }

    @Test
    void deposedLeaderHasNoLease() {
        Ballot ballot = leadWithLease();
        lone.receive(2, new PaxosMessage.Prepare(ballot.next(NodeId.of(2)), 1));
        lone.readByLease("a");
        assertEquals(List.of(), out.readsRun);
        assertEquals(Long.MIN_VALUE, lone.core.progress().leaseEndNanos());
    }

    /** Without a bound for the clocks, such a read is a linearizable one. */
    @Test
    void withoutABoundThereAreNoLeases() {
        Lone plain = new Lone(3);
        Ballot ballot = plain.leadAndChoose();
        for (int i = 1; i <= 2; i++) {
            plain.readByLease("a");
            List<PaxosMessage.Confirm> rounds = plain.out.to(2, PaxosMessage.Confirm.class);
            assertEquals(i, rounds.size());
            PaxosMessage.Confirm round = rounds.get(i - 1);
            assertEquals(0, round.grantNanos());
            plain.receive(3, new PaxosMessage.Confirmed(ballot, round.round(), true));
            assertEquals(i, plain.out.readsRun.size());
        }
    }
}
