package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.NodeId;
import io.loggos.api.replica.Consistency;
import io.loggos.paxos.sim.SimSettings;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Nodes so far apart that every retry is sent before the first answer comes: a round trip is four heartbeats. A retry must
 * not make the answer void, or there would never be one.
 */
class FarNodesTest {
    private static final double ROUND_TRIP = 0.4;

    private final Scenario s = new Scenario(SimSettings.calm(3).withLeases(), 'C', 1);

    FarNodesTest() {
        long way = (long) (s.cluster().settings().electionNanos() * ROUND_TRIP / 2);
        for (NodeId from : s.cluster().ids()) {
            for (NodeId to : s.cluster().ids()) {
                if (!from.equals(to)) {
                    s.cluster().network.delay(from, to, way, way + 1);
                }
            }
        }
        s.rest(3);
    }

    /** The leader asks a quorum: one round trip. */
    @Test
    void leaderReads() {
        endsWithin(1.2, s.read('C'));
    }

    /** The follower asks the leader, which asks a quorum: two round trips. */
    @Test
    void followerReads() {
        endsWithin(2.2, s.read('A'));
    }

    /** The first read makes the lease, and the second needs only the way to the leader. */
    @Test
    void leaseIsTaken() {
        endsWithin(2.2, s.read('A', Consistency.LEASE));
        endsWithin(2.2, s.read('A', Consistency.LEASE));
        endsWithin(1.2, s.read('A', Consistency.LEASE));
    }

    @Test
    void commandsAreChosen() {
        s.writes('C', 1.5 * ROUND_TRIP);
        s.writes('A', 2.5 * ROUND_TRIP);
        long changes = s.leaderChanges();
        s.rest(20);
        assertEquals(changes, s.leaderChanges());
    }

    private void endsWithin(double roundTrips, CompletableFuture<?> read) {
        s.within(roundTrips * ROUND_TRIP, "a read", read::isDone);
        read.join();
    }
}
