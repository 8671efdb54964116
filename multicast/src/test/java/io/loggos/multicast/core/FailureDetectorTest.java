package io.loggos.multicast.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.wire.Frame.Heartbeat;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests of suspicion, evidence and the guard against the node's own pauses (RULES.md V-18). */
class FailureDetectorTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final NodeId N3 = NodeId.of(3);
    private static final long HB = 100_000_000L;
    private static final long ET = 1_000_000_000L;

    private final FailureDetector detector =
            new FailureDetector(N1, new TreeSet<>(List.of(N2, N3)), TimingOptions.defaults());

    @Test
    void contactIsTwoWay() {
        assertFalse(detector.connected(N2));
        detector.heard(N2, 0);
        assertTrue(detector.hears(N2));
        assertFalse(detector.connected(N2));
        detector.heartbeat(N2, beat(N3), 0);
        assertFalse(detector.connected(N2));
        detector.heartbeat(N2, beat(N1, N3), 0);
        assertTrue(detector.connected(N2));
        detector.heartbeat(N2, beat(N3), 0);
        assertFalse(detector.connected(N2));
        assertTrue(detector.hears(N2));
    }

    @Test
    void theGraphIsWhatThePeersLastTold() {
        assertTrue(detector.connected(N1));
        assertTrue(detector.connected(N1, N1));
        assertFalse(detector.connected(N2, N2));
        detector.heartbeat(N2, beat(N1, N3), 0);
        assertTrue(detector.connected(N2, N3));
        assertTrue(detector.connected(N2, N1));
        assertTrue(detector.connected(N1, N2));
        assertTrue(detector.connected(N2, N2));
        assertFalse(detector.connected(N3, N2));
        assertFalse(detector.connected(NodeId.of(9)));
        assertFalse(detector.connected(NodeId.of(9), N1));
        detector.judge(3 * ET);
        assertFalse(detector.connected(N2, N3));
    }

    @Test
    void aPeerIsSuspectedAfterItsTimeoutAndNotBefore() {
        detector.heard(N2, 0);
        assertTrue(detector.takeChanged());
        assertEquals(ET + 1, detector.nextVerdictNanos());
        detector.judge(ET);
        assertTrue(detector.hears(N2));
        assertFalse(detector.takeChanged());
        detector.judge(ET + 1);
        assertFalse(detector.hears(N2));
        assertTrue(detector.takeChanged());
        assertEquals(Long.MAX_VALUE, detector.nextVerdictNanos());
        detector.heard(N2, 2 * ET);
        assertTrue(detector.hears(N2));
    }

    @Test
    void theTimeoutAdaptsBetweenTheElectionTimeoutAndTwiceThat() {
        long now = 0;
        for (int i = 0; i < 100; i++, now += HB) {
            detector.heartbeat(N2, beat(N1), now);
        }
        assertEquals(ET, detector.timeoutNanos(N2));
        for (int i = 0; i < 100; i++) {
            now += i % 2 == 0 ? HB : 8 * HB;
            detector.heartbeat(N2, beat(N1), now);
        }
        assertTrue(detector.timeoutNanos(N2) > ET);
        assertTrue(detector.timeoutNanos(N2) <= 2 * ET);
        for (int i = 0; i < 100; i++) {
            now += i % 2 == 0 ? HB : 20 * HB;
            detector.heartbeat(N2, beat(N1), now);
        }
        assertEquals(2 * ET, detector.timeoutNanos(N2));
        for (int i = 0; i < 100; i++, now += HB) {
            detector.heartbeat(N2, beat(N1), now);
        }
        assertEquals(ET, detector.timeoutNanos(N2));
    }

    @Test
    void aBrokenConnectionAndAFailedRedialShortenTheWait() {
        detector.heard(N2, 0);
        detector.broke(N2);
        assertEquals(ET + 1, detector.nextVerdictNanos());
        detector.redialFailed(N2);
        detector.judge(3 * HB);
        assertTrue(detector.hears(N2));
        detector.judge(3 * HB + 1);
        assertFalse(detector.hears(N2));
    }

    @Test
    void aFailedDialAloneSaysNothing() {
        detector.heard(N2, 0);
        detector.redialFailed(N2);
        detector.judge(ET);
        assertTrue(detector.hears(N2));
    }

    @Test
    void aNewConnectionTakesTheShortWaitBack() {
        detector.heard(N2, 0);
        detector.broke(N2);
        detector.redialFailed(N2);
        detector.reconnected(N2);
        detector.judge(ET);
        assertTrue(detector.hears(N2));
    }

    @Test
    void anOwnPauseIsHeldAgainstNobody() {
        detector.heartbeat(N2, beat(N1), 0);
        detector.broke(N2);
        detector.redialFailed(N2);
        detector.pardon(10 * ET);
        detector.judge(10 * ET);
        assertTrue(detector.connected(N2));
        assertFalse(detector.hears(N3));
        detector.judge(11 * ET + 1);
        assertFalse(detector.hears(N2));
        detector.heartbeat(N2, beat(N1), 11 * ET + 2);
        assertEquals(ET, detector.timeoutNanos(N2));
    }

    @Test
    void aHeartbeatSaysWhoIsHeardAndWithWhomThereIsContact() {
        detector.heard(N2, 0);
        detector.heartbeat(N3, beat(N1), 0);
        Heartbeat own = detector.heartbeat(0);
        assertEquals(List.of(N2, N3), List.copyOf(own.hears()));
        assertEquals(List.of(N3), List.copyOf(own.contacts()));
    }

    @Test
    void onlyPeersCanBeHeard() {
        assertThrows(IllegalArgumentException.class, () -> detector.heard(N1, 0));
    }

    private static Heartbeat beat(NodeId... hears) {
        return new Heartbeat(new TreeSet<>(List.of(hears)), new TreeSet<>(List.of(hears)), 0);
    }
}
