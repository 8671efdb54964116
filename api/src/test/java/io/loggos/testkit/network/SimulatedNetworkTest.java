package io.loggos.testkit.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;
import io.loggos.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The network that others are judged on is judged first. */
class SimulatedNetworkTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final long SECOND = 1_000_000_000L;

    private static final class End implements Transport.Listener {
        final List<String> events = new ArrayList<>();
        Transport.@Nullable Connection connection;

        @Nullable
        Bytes answer = Bytes.utf8("answer");

        @Override
        public void connected(NodeId peer, Transport.Connection opened) {
            connection = opened;
            events.add("connected " + peer);
        }

        @Override
        public void connectFailed(NodeId peer, String reason) {
            events.add("failed: " + reason);
        }

        @Override
        public void accepted(Transport.Connection opened) {
            connection = opened;
            events.add("accepted");
        }

        @Override
        public void received(Transport.Connection on, Bytes frame) {
            events.add(frame.toUtf8());
        }

        @Override
        public void closed(Transport.Connection on, String reason) {
            events.add("closed: " + reason);
        }

        @Override
        public @Nullable Bytes requested(Bytes request) {
            return answer;
        }
    }

    private final VirtualTime time = new VirtualTime();
    private SimulatedNetwork network = new SimulatedNetwork(time, new SplittableRandom(1));
    private final End at1 = new End();
    private final End at2 = new End();
    private Transport one = network.attach(N1);

    @Test
    void framesArriveInOrderAndAreJoined() {
        connect(1);
        send(at1, "a", "b", "c");
        at1.connection.send(List.of(Bytes.utf8("d"), Bytes.utf8("e")));
        send(at2, "x");
        run();
        assertEquals(List.of("accepted", "a", "b", "c", "de"), at2.events);
        assertEquals(List.of("connected n2", "x"), at1.events);
        assertEquals(5, network.framesDelivered());
    }

    @Test
    void aBreakLosesATailAndNothingElse() {
        boolean some = false;
        boolean all = false;
        for (long seed = 1; seed < 60; seed++) {
            at1.events.clear();
            at2.events.clear();
            connect(seed);
            send(at1, "0", "1", "2", "3");
            network.breakConnection(N2, N1);
            send(at1, "late");
            run();
            int arrived = at2.events.size() - 2;
            assertEquals("closed: connection reset", at2.events.get(arrived + 1));
            assertEquals(List.of("0", "1", "2", "3").subList(0, arrived), at2.events.subList(1, arrived + 1));
            assertEquals(List.of("connected n2", "closed: connection reset"), at1.events);
            some |= arrived > 0 && arrived < 4;
            all |= arrived == 4;
        }
        assertTrue(some && all);
    }

    @Test
    void whatIsSentWhileTheWayIsCutDoomsTheConnection() {
        connect(1);
        network.cut(N1, N2);
        send(at1, "lost");
        send(at2, "the way back is open");
        run();
        network.healAll();
        send(at1, "lost too");
        run();
        assertEquals(List.of("accepted"), at2.events);
        assertEquals("the way back is open", at1.events.get(1));
        assertTrue(network.framesLost() >= 1);
    }

    @Test
    void aCutInWhichNothingIsSentHarmsNobody() {
        connect(1);
        network.cutBoth(N1, N2);
        assertTrue(network.isCut(N2, N1));
        time.runUntil(time.nanos() + SECOND);
        network.healBoth(N1, N2);
        send(at1, "fine");
        run();
        assertEquals(List.of("accepted", "fine"), at2.events);
    }

    @Test
    void dialsFailOrHangWhileEitherWayIsCut() {
        start(3);
        network.cut(N2, N1);
        for (int i = 0; i < 40; i++) {
            one.connect(N2);
        }
        run();
        assertTrue(at1.events.size() > 5 && at1.events.size() < 35, "failed: " + at1.events.size());
        assertEquals(List.of(), at2.events);
    }

    @Test
    void aDialToNobodyIsRefused() {
        start(1);
        network.crash(N2);
        one.connect(N2);
        run();
        assertEquals(List.of("failed: connection refused"), at1.events);
    }

    @Test
    void theReasonToCloseComesBehindTheFrames() {
        connect(1);
        send(at1, "a");
        at1.connection.close("enough");
        at1.connection.close("twice");
        send(at1, "late");
        run();
        assertEquals(List.of("accepted", "a", "closed: enough"), at2.events);
        assertEquals(List.of("connected n2", "closed: enough"), at1.events);
    }

    @Test
    void aCrashIsSeenAndALossOfPowerIsNot() {
        connect(1);
        network.crash(N1);
        run();
        assertEquals(List.of("accepted", "closed: connection reset"), at2.events);
        at1.events.clear();
        at2.events.clear();
        connect(1);
        send(at2, "to the dead");
        network.powerOff(N1);
        run();
        assertEquals(List.of("accepted"), at2.events);
        assertEquals(List.of("connected n2"), at1.events);
    }

    @Test
    void aPausedNodeIsToldLaterInOrder() {
        connect(1);
        network.pause(N2);
        send(at1, "a", "b");
        run();
        assertEquals(List.of("accepted"), at2.events);
        network.resume(N2);
        network.resume(N2);
        assertEquals(List.of("accepted", "a", "b"), at2.events);
    }

    @Test
    void callsGoThroughTheHook() {
        List<NodeId> called = new ArrayList<>();
        start(1);
        network.dispatch((node, call) -> {
            called.add(node);
            call.run();
        });
        one.connect(N2);
        run();
        assertEquals(List.of(N2, N1), called);
    }

    @Test
    void bandwidthAndDelayTakeTheirTime() {
        connect(1);
        network.delay(N1, N2, SECOND, SECOND);
        network.bandwidth(N1, N2, 100);
        long before = time.nanos();
        send(at1, "0123456789");
        time.runUntil(before + SECOND + SECOND / 10 - 1);
        assertEquals(1, at2.events.size());
        time.runUntil(before + SECOND + SECOND / 10);
        assertEquals(2, at2.events.size());
    }

    @Test
    void bulkRequestsAreAnsweredLostOrSpoilt() {
        start(1);
        assertEquals(Bytes.utf8("answer"), ask());
        at2.answer = null;
        assertNull(ask());
        at2.answer = Bytes.utf8("answer");
        network.bulkFaults(0, 1);
        Bytes spoilt = ask();
        assertEquals(6, spoilt.size());
        assertTrue(!spoilt.equals(at2.answer));
        network.bulkFaults(1, 0);
        assertNull(ask());
        network.bulkFaults(0, 0);
        network.cut(N2, N1);
        assertNull(ask());
        network.healAll();
        network.crash(N2);
        assertNull(ask());
    }

    @Test
    void twoLivesOfANodeNeverRunAtOnce() {
        start(1);
        Transport second = network.attach(N1);
        assertThrows(IllegalStateException.class, () -> second.start(at1));
        one.close();
        second.start(at1);
        assertEquals("n1.sim:7000", second.listening().toString());
    }

    private @Nullable Bytes ask() {
        List<@Nullable Bytes> answers = new ArrayList<>();
        one.request(N2, Bytes.utf8("question"), answers::add);
        run();
        assertEquals(1, answers.size());
        return answers.get(0);
    }

    private void start(long seed) {
        network = new SimulatedNetwork(time, new SplittableRandom(seed));
        one = network.attach(N1);
        one.start(at1);
        network.attach(N2).start(at2);
    }

    private void connect(long seed) {
        start(seed);
        one.connect(N2);
        run();
    }

    private void run() {
        time.runUntil(time.nanos() + 10 * SECOND);
    }

    private static void send(End from, String... frames) {
        for (String frame : frames) {
            from.connection.send(List.of(Bytes.utf8(frame)));
        }
    }
}
