package io.loggos.multicast.core;

import static io.loggos.multicast.core.LinkCluster.ET;
import static io.loggos.multicast.core.LinkCluster.HB;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.multicast.Connectivity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reactions of the links of whole clusters to failures and restarts. */
class ConnectivityTest {
    private final LinkCluster cluster = new LinkCluster(11, 3, new LinkRules());

    @Test
    void everybodySoonHasContactWithEverybody() {
        cluster.startAll();
        cluster.run(5 * HB);
        assertTrue(cluster.isConnected());
        cluster.run(20 * ET);
        assertTrue(cluster.isConnected());
        assertEquals(0, cluster.network.framesLost());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void aKilledProcessIsNoticedInFourHeartbeats(long seed) {
        LinkCluster some = new LinkCluster(seed, 3, new LinkRules());
        some.startAll();
        some.run(3 * ET);
        some.node(3).crash();
        some.run(4 * HB + HB / 10);
        assertFalse(connectivity(some, 1).connected(NodeId.of(3)));
        assertFalse(connectivity(some, 2).connected(NodeId.of(3)));
        assertTrue(connectivity(some, 1).connected(NodeId.of(2)));
        some.run(2 * HB);
        assertFalse(connectivity(some, 1).connected(NodeId.of(2), NodeId.of(3)));
    }

    @Test
    void aNodeWithoutPowerIsNoticedAfterTheElectionTimeout() {
        connected();
        cluster.node(3).powerOff();
        cluster.run(ET - HB);
        assertTrue(contact(1, 3));
        cluster.run(3 * HB);
        assertFalse(contact(1, 3));
        assertFalse(contact(2, 3));
        cluster.node(3).start();
        cluster.run(4 * ET);
        assertTrue(cluster.isConnected());
    }

    /** A restart is so quick that the silence is short, and the old connections stay silent. */
    @Test
    void aNodeThatComesBackAtOnceIsTakenBackSoon() {
        connected();
        cluster.node(3).powerOff();
        cluster.node(3).start();
        cluster.run(ET + 5 * HB);
        assertTrue(cluster.isConnected());
    }

    /** RULES.md N-7: its heartbeats leave, but nothing reaches it. */
    @Test
    void aNodeThatSendsAndHearsNothingHasNoContact() {
        connected();
        cluster.network.cut(NodeId.of(2), NodeId.of(1));
        cluster.network.cut(NodeId.of(3), NodeId.of(1));
        cluster.run(2 * ET);
        noContactOf(1);
        healed();
    }

    /** RULES.md N-9: it hears all, but nobody hears it. */
    @Test
    void aNodeThatHearsAndCannotSendHasNoContact() {
        connected();
        cluster.network.cut(NodeId.of(1), NodeId.of(2));
        cluster.network.cut(NodeId.of(1), NodeId.of(3));
        cluster.run(2 * ET);
        noContactOf(1);
        healed();
    }

    /** RULES.md N-3: the ends of a chain know of each other through its middle, which passes on what they know. */
    @Test
    void aChainIsSeenAsAChain() {
        connected();
        cluster.network.cutBoth(NodeId.of(1), NodeId.of(3));
        cluster.run(2 * ET);
        assertFalse(contact(1, 3));
        assertTrue(contact(1, 2));
        assertTrue(connectivity(cluster, 1).connected(NodeId.of(2), NodeId.of(3)));
        assertFalse(connectivity(cluster, 2).connected(NodeId.of(1), NodeId.of(3)));
        healed();
    }

    /** A node that was paused does not conclude that the others have failed. */
    @Test
    void aNodeThatWasPausedSuspectsNobody() {
        connected();
        int changes = cluster.node(1).connectivityChanges;
        cluster.node(1).pause();
        cluster.run(3 * ET);
        assertFalse(contact(2, 1));
        cluster.node(1).resume();
        cluster.run(2 * ET);
        assertTrue(cluster.isConnected());
        assertEquals(changes, cluster.node(1).connectivityChanges);
    }

    @Test
    void aShortPauseChangesNothing() {
        connected();
        int changes = cluster.node(2).connectivityChanges + cluster.node(3).connectivityChanges;
        for (int i = 0; i < 10; i++) {
            cluster.node(1).pause();
            cluster.run(6 * HB);
            cluster.node(1).resume();
            cluster.run(2 * ET);
        }
        assertEquals(changes, cluster.node(2).connectivityChanges + cluster.node(3).connectivityChanges);
        assertTrue(cluster.isConnected());
    }

    /** RULES.md N-11: frames get lost and no error is reported; the link heals by itself and nothing is lost. */
    @Test
    void aHalfOpenConnectionIsReplacedAndItsGenerationGoesOn() {
        connected();
        cluster.network.cut(NodeId.of(1), NodeId.of(2));
        cluster.node(1).send(NodeId.of(2), 10);
        cluster.run(HB);
        cluster.network.healAll();
        long resets = cluster.oracle.resets();
        cluster.node(1).send(NodeId.of(2), 10);
        cluster.run(3 * ET);
        LinkStatus link = cluster.node(1).links().status(NodeId.of(2));
        assertEquals(link.queued(), link.acknowledged());
        assertEquals(1, link.generation());
        assertEquals(resets, cluster.oracle.resets());
        assertTrue(cluster.isConnected());
    }

    private void connected() {
        cluster.startAll();
        cluster.run(2 * ET);
        assertTrue(cluster.isConnected());
    }

    private void healed() {
        cluster.network.healAll();
        cluster.run(5 * ET);
        assertTrue(cluster.isConnected());
    }

    private void noContactOf(int lost) {
        for (int other = 2; other <= 3; other++) {
            assertFalse(contact(lost, other));
            assertFalse(contact(other, lost));
        }
        assertTrue(contact(2, 3));
        assertTrue(contact(3, 2));
    }

    private boolean contact(int one, int other) {
        return connectivity(cluster, one).connected(NodeId.of(other));
    }

    private static Connectivity connectivity(LinkCluster cluster, int node) {
        return cluster.node(node).links().connectivity();
    }
}
