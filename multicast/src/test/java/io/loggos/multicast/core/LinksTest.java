package io.loggos.multicast.core;

import static io.loggos.multicast.core.LonelyNode.ET;
import static io.loggos.multicast.core.LonelyNode.HB;
import static io.loggos.multicast.core.LonelyNode.N2;
import static io.loggos.multicast.core.LonelyNode.N3;
import static io.loggos.multicast.core.LonelyNode.ack;
import static io.loggos.multicast.core.LonelyNode.data;
import static io.loggos.multicast.core.LonelyNode.hello;
import static io.loggos.multicast.core.LonelyNode.welcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Data;
import io.loggos.multicast.wire.Frame.Heartbeat;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.multicast.wire.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests of one rule of the link protocol each (RULES.md S-1, S-4, P-15). */
class LinksTest {
    private final LonelyNode node = LonelyNode.started();

    @Test
    void aNodeDialsEachPeerAndSaysHello() {
        assertEquals(List.of("connect n2", "connect n3"), node.takeEvents());
        FakeConnection c = node.dialled(N2);
        assertEquals(List.of(new Hello(1, 1, "test", NodeId.of(1), N2, 1, 100, 1)), c.sent);
    }

    @Test
    void theFirstWelcomeBeginsGenerationOneAndSaysSo() {
        node.links.send(N2, Bytes.EMPTY, Bytes.utf8("nobody is there"));
        node.takeEvents();
        FakeConnection c = node.welcomed(N2, 200);
        assertEquals(List.of("outgoing reset n2"), node.takeEvents());
        assertEquals(List.of(new Data(1, 1, List.of())), c.sent(Data.class));
        assertEquals(1, node.links.status(N2).dropped());
    }

    @Test
    void messagesAreNumberedFromOneAndOneFrameCarriesWhatHasQueued() {
        FakeConnection c = node.welcomed(N2, 200);
        node.send(N2, "a", "b");
        node.send(N2, "c");
        assertEquals(
                List.of(
                        new Data(1, 1, List.of()),
                        new Data(1, 1, List.of(Bytes.utf8("a"), Bytes.utf8("b"))),
                        new Data(1, 3, List.of(Bytes.utf8("c")))),
                c.sent(Data.class));
    }

    @Test
    void aGenerationGoesOnOverANewConnectionBehindWhatArrived() {
        FakeConnection first = node.welcomed(N2, 200);
        node.send(N2, "a", "b", "c");
        node.receive(first, ack(1, 1));
        node.links.onClosed(first, "broke", node.now);
        node.send(N2, "d");
        node.takeEvents();
        node.pass(HB);
        assertTrue(node.takeEvents().contains("connect n2"));
        FakeConnection second = node.dialled(N2);
        assertEquals(2, second.last(Hello.class).attempt());
        node.receive(second, welcome(N2, 200, 1, 2));
        assertEquals(List.of(new Data(1, 3, List.of(Bytes.utf8("c"), Bytes.utf8("d")))), second.sent(Data.class));
        assertEquals(List.of(), node.takeEvents());
    }

    @Test
    void aGenerationOfWhichThePeerHasHadNothingGoesOnToo() {
        FakeConnection first = node.welcomed(N2, 200);
        node.send(N2, "a");
        node.links.onClosed(first, "broke", node.now);
        node.takeEvents();
        FakeConnection second = node.dialled(N2);
        node.receive(second, welcome(N2, 200, 0, 0));
        assertEquals(List.of(new Data(1, 1, List.of(Bytes.utf8("a")))), second.sent(Data.class));
        assertEquals(List.of(), node.takeEvents());
    }

    @Test
    void aGenerationEndsWhenThePeerIsAnotherProcess() {
        FakeConnection first = node.welcomed(N2, 200);
        node.send(N2, "a");
        node.links.onClosed(first, "broke", node.now);
        node.takeEvents();
        FakeConnection second = node.dialled(N2);
        node.receive(second, welcome(N2, 201, 0, 0));
        assertEquals(List.of(new Data(2, 1, List.of())), second.sent(Data.class));
        assertEquals(List.of("outgoing reset n2"), node.takeEvents());
        assertEquals(1, node.links.status(N2).dropped());
    }

    @Test
    void aGenerationEndsWhenThePeerLacksWhatItAcknowledged() {
        endsOn(new Welcome(1, N2, 2, 200, 0, 0, true));
        endsOn(new Welcome(1, N2, 2, 200, 1, 0, true));
    }

    @Test
    void aGenerationEndsWhenThePeerSaysThatItHas() {
        endsOn(new Welcome(1, N2, 2, 200, 1, 2, false));
    }

    @Test
    void aGenerationEndsWhenThePeerKnowsMoreThanWasSent() {
        endsOn(new Welcome(1, N2, 2, 200, 1, 9, true));
        endsOn(new Welcome(1, N2, 2, 200, 7, 1, true));
    }

    private static void endsOn(Welcome welcome) {
        LonelyNode node = LonelyNode.started();
        FakeConnection first = node.welcomed(N2, 200);
        node.send(N2, "a", "b");
        node.receive(first, ack(1, 1));
        node.links.onClosed(first, "broke", node.now);
        node.takeEvents();
        FakeConnection second = node.dialled(N2);
        node.receive(second, FrameCodec.encode(welcome));
        assertEquals(List.of("outgoing reset n2"), node.takeEvents(), welcome.toString());
        assertEquals(List.of(new Data(Math.max(1, welcome.generation()) + 1, 1, List.of())), second.sent(Data.class));
    }

    @Test
    void aGenerationEndsWhenItsBufferOverflows() {
        FakeConnection c = node.welcomed(N2, 200);
        Bytes large = Bytes.wrap(new byte[60_000]);
        node.links.send(N2, Bytes.EMPTY, large);
        node.links.send(N2, Bytes.EMPTY, large);
        node.links.flush(node.now);
        assertNull(c.closed);
        node.links.send(N2, Bytes.EMPTY, large);
        assertEquals("the buffer for n2 is full", c.closed);
        node.links.send(N2, Bytes.EMPTY, Bytes.utf8("into the void"));
        LinkStatus status = node.links.status(N2);
        assertEquals(4, status.dropped());
        assertEquals(0, status.bufferedBytes());
        node.takeEvents();
        FakeConnection next = node.dialled(N2);
        node.receive(next, welcome(N2, 200, 1, 1));
        assertEquals(List.of("outgoing reset n2"), node.takeEvents());
        assertEquals(List.of(new Data(2, 1, List.of())), next.sent(Data.class));
    }

    @Test
    void noMoreThanTheWindowIsUnacknowledgedAndTheRestWaits() {
        FakeConnection c = node.welcomed(N2, 200);
        for (int i = 0; i < 10; i++) {
            node.links.send(N2, Bytes.EMPTY, Bytes.wrap(new byte[10_000]));
        }
        node.links.flush(node.now);
        assertEquals(6, c.last(Data.class).messages().size());
        node.links.flush(node.now);
        assertEquals(2, c.sent(Data.class).size());
        node.receive(c, ack(1, 4));
        assertEquals(new Data(1, 7, List.of()).first(), c.last(Data.class).first());
        assertEquals(4, c.last(Data.class).messages().size());
        assertEquals(6 * 10_064L, node.links.status(N2).bufferedBytes());
    }

    @Test
    void aMessageThatFitsIntoNoFrameIsRefusedToItsSender() {
        node.welcomed(N2, 200);
        int most = LonelyNode.SMALL.maxFrameBytes() - 26;
        node.links.send(N2, Bytes.EMPTY, Bytes.wrap(new byte[most]));
        assertThrows(
                IllegalArgumentException.class, () -> node.links.send(N2, Bytes.utf8("x"), Bytes.wrap(new byte[most])));
        assertThrows(IllegalArgumentException.class, () -> node.links.send(NodeId.of(9), Bytes.EMPTY, Bytes.EMPTY));
    }

    @Test
    void aReceiverDeliversInOrderAndAcknowledgesWithTheNextHeartbeat() {
        FakeConnection c = node.accepted(hello(N2, 200, 1));
        node.takeEvents();
        node.links.onFrame(c, data(1, 1, "a", "b"), node.now);
        node.links.onFrame(c, data(1, 3, "c"), node.now);
        assertEquals(List.of("incoming reset n2", "n2 1 a", "n2 2 b", "n2 3 c"), node.takeEvents());
        node.links.flush(node.now);
        assertEquals(List.of(), c.sent(Ack.class));
        node.links.onFrame(c, LonelyNode.heartbeat(), node.now);
        node.links.flush(node.now);
        node.links.flush(node.now);
        assertEquals(List.of(new Ack(1, 3)), c.sent(Ack.class));
    }

    /**
     * A sender keeps messages that are not acknowledged, and small ones cost more than their bytes: it never has to
     * wait long.
     */
    @Test
    void aReceiverAcknowledgesAPartOfTheWindowAtOnce() {
        FakeConnection c = node.accepted(hello(N2, 200, 1));
        int part = LonelyNode.SMALL.windowBytes() / 8;
        int messages = part / (MessageBuffer.OVERHEAD_BYTES + 1) + 1;
        for (int number = 1; number <= messages; number++) {
            assertEquals(List.of(), c.sent(Ack.class));
            node.receive(c, data(1, number, "a"));
            node.links.flush(node.now);
        }
        assertEquals(List.of(new Ack(1, messages)), c.sent(Ack.class));
    }

    @Test
    void whatCameBeforeIsDroppedAndAGapEndsTheConnection() {
        FakeConnection c = node.accepted(hello(N2, 200, 1));
        node.receive(c, data(1, 1, "a", "b"));
        node.takeEvents();
        node.receive(c, data(1, 2, "b", "c"));
        assertEquals(List.of("n2 3 c"), node.takeEvents());
        node.receive(c, data(1, 5, "e"));
        assertEquals("INVALID: message 5 follows on 3", c.closed);
        assertEquals(List.of(), node.takeEvents());
        FakeConnection next = node.accepted(hello(N2, 200, 2));
        assertEquals(new Welcome(1, LonelyNode.N1, 1, 100, 1, 3, true), next.last(Welcome.class));
    }

    @Test
    void aNewGenerationBeginsAtOneAndTheOldOneIsOver() {
        FakeConnection c = node.accepted(hello(N2, 200, 1));
        node.receive(c, data(1, 1, "a"));
        node.receive(c, data(3, 1));
        node.takeEvents();
        node.receive(c, data(1, 2, "b"));
        node.receive(c, data(3, 1, "x"));
        assertEquals(List.of("n2 1 x"), node.takeEvents());
        node.receive(c, data(4, 2, "y"));
        assertEquals("INVALID: generation 4 begins at message 2", c.closed);
        assertEquals(List.of(), node.takeEvents());
    }

    @Test
    void aHeartbeatIsAcknowledgedSoThatASilentLinkIsSeenAlive() {
        FakeConnection c = node.accepted(hello(N2, 200, 1));
        node.receive(c, LonelyNode.heartbeat());
        assertEquals(List.of(new Ack(0, 0)), c.sent(Ack.class));
    }

    @Test
    void anOlderConnectionNeverReplacesANewerOne() {
        FakeConnection second = node.accepted(hello(N2, 200, 2));
        FakeConnection first = node.accepted(hello(N2, 200, 1));
        String text = "n1 has had connection 2 of this life of n2, this is connection 1";
        assertEquals(List.of(new Refused(Refusal.STALE_CONNECTION, text)), first.sent);
        assertEquals(text, first.closed);
        assertNull(second.closed);
        FakeConnection third = node.accepted(hello(N2, 200, 3));
        assertEquals("replaced by connection 3", second.closed);
        assertNull(third.closed);
        node.takeEvents();
        node.receive(second, data(1, 1, "late"));
        assertEquals(List.of(), node.takeEvents());
    }

    @Test
    void anotherProcessIsRefusedAsLongAsTheFirstIsHeard() {
        FakeConnection first = node.accepted(hello(N2, 200, 1));
        FakeConnection other = node.accepted(hello(N2, 201, 1));
        assertEquals(
                List.of(new Refused(Refusal.LIFE_IN_USE, "n1 is connected to life c8 of n2, this is life c9")),
                other.sent);
        node.pass(3 * HB + 1);
        FakeConnection again = node.accepted(hello(N2, 201, 2));
        assertEquals(new Welcome(1, LonelyNode.N1, 1, 100, 0, 0, true), again.last(Welcome.class));
        assertNotNull(first.closed);
    }

    /**
     * The Hello of an earlier process comes late. The generation that it interrupted is over, and is not mixed with it.
     */
    @Test
    void aLifeThatComesBackMustBeginANewGeneration() {
        FakeConnection live = node.accepted(hello(N2, 200, 1));
        node.receive(live, data(5, 1, "a"));
        node.links.onClosed(live, "broke", node.now);
        FakeConnection ghost = node.accepted(hello(N2, 199, 1));
        node.receive(ghost, data(1, 1, "g"));
        node.links.onClosed(ghost, "broke", node.now);
        node.takeEvents();
        FakeConnection back = node.accepted(hello(N2, 200, 2));
        assertEquals(new Welcome(1, LonelyNode.N1, 1, 100, 5, 0, false), back.last(Welcome.class));
        node.receive(back, data(5, 1, "a"));
        assertEquals(List.of(), node.takeEvents());
        node.receive(back, data(6, 1, "b"));
        assertEquals(List.of("incoming reset n2", "n2 1 b"), node.takeEvents());
        assertEquals(
                Refusal.STALE_CONNECTION,
                nodeThatClosed(back, hello(N2, 199, 1)).last(Refused.class).code());
    }

    private FakeConnection nodeThatClosed(FakeConnection present, Hello next) {
        node.links.onClosed(present, "broke", node.now);
        return node.accepted(next);
    }

    @Test
    void livesThatEndedAreRememberedInBoundedNumber() {
        for (int life = 1; life <= 100; life++) {
            FakeConnection c = node.accepted(hello(N2, life, 1));
            assertNotNull(c.last(Welcome.class));
            node.links.onClosed(c, "broke", node.now);
            node.links.checkInvariants();
        }
    }

    @Test
    void theClusterIsFormedOnceEveryPeerHasWelcomedThisNode() {
        node.welcomed(N2, 200);
        assertFalse(node.takeEvents().contains("formed"));
        node.welcomed(N3, 300);
        assertEquals(1, node.takeEvents().stream().filter("formed"::equals).count());
        FakeConnection again = node.welcomed(N3, 300);
        assertEquals("a connection too many", again.closed);
        LonelyNode later = new LonelyNode();
        later.roster.rememberedBy(N2);
        later.roster.rememberedBy(N3);
        later.links.start(0);
        assertTrue(later.takeEvents().contains("formed"));
    }

    @Test
    void heartbeatsLeaveEachIntervalAndOverdueConnectionsEnd() {
        FakeConnection c = node.welcomed(N2, 200);
        node.pass(ET - 1);
        assertEquals(10, c.sent(Heartbeat.class).size());
        assertNull(c.closed);
        node.pass(1);
        assertEquals("n1 has heard nothing for 1000 ms", c.closed);
        node.takeEvents();
        node.pass(HB);
        assertTrue(node.takeEvents().contains("connect n2"));
    }

    @Test
    void aLargeFrameOnItsWayIsGivenTime() {
        FakeConnection c = node.welcomed(N2, 200);
        node.links.send(N2, Bytes.EMPTY, Bytes.wrap(new byte[60_000]));
        node.links.flush(node.now);
        node.pass(ET + 50_000_000);
        assertNull(c.closed);
        node.pass(20_000_000);
        assertNotNull(c.closed);
    }

    @Test
    void aDialThatIsNotAnsweredIsGivenUpAndRepeatedMoreAndMoreRarely() {
        int dials = 0;
        List<Integer> inEachTenSeconds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            node.pass(10 * ET);
            int more = (int)
                    node.takeEvents().stream().filter("connect n2"::equals).count();
            inEachTenSeconds.add(more);
            dials += more;
        }
        assertTrue(dials >= 9 && dials <= 25, "dials: " + inEachTenSeconds);
        FakeConnection late = node.welcomed(N2, 200);
        assertNull(late.closed);
        assertTrue(node.links.status(N2).outgoingUp());
    }

    @Test
    void aPeerThatSaysHelloIsDialledAtOnce() {
        for (int i = 0; i < 8; i++) {
            node.links.onConnectFailed(N2, "refused", node.now);
            node.pass(2 * ET);
        }
        node.links.onConnectFailed(N2, "refused", node.now);
        node.links.onTick(node.now);
        node.takeEvents();
        node.accepted(hello(N2, 200, 1));
        node.links.onTick(node.now);
        assertTrue(node.takeEvents().contains("connect n2"));
    }

    @Test
    void aPeerThatSaysHelloWhileACallToItHangsIsSoonDialledAgain() {
        node.takeEvents();
        do {
            node.pass(HB);
        } while (!node.takeEvents().contains("connect n2") || node.now < 30 * ET);
        node.accepted(hello(N2, 200, 1));
        node.pass(2 * HB);
        assertTrue(node.takeEvents().contains("connect n2"));
    }

    @Test
    void connectionsThatNeverSayHelloAreBoundedInNumberAndTime() {
        List<FakeConnection> silent = new ArrayList<>();
        for (int i = 0; i < 65; i++) {
            FakeConnection c = new FakeConnection();
            node.links.onAccepted(c, node.now);
            silent.add(c);
        }
        assertEquals("too many connections that have not said Hello", silent.get(64).closed);
        assertNull(silent.get(63).closed);
        node.links.onClosed(silent.get(0), "broke", node.now);
        FakeConnection room = new FakeConnection();
        node.links.onAccepted(room, node.now);
        assertNull(room.closed);
        node.pass(ET);
        assertEquals("no Hello came", silent.get(63).closed);
        assertEquals("no Hello came", room.closed);
    }

    @Test
    void whenClosedNothingHappensAnyMore() {
        FakeConnection out = node.welcomed(N2, 200);
        FakeConnection in = node.accepted(hello(N2, 200, 1));
        node.links.close("n1 is closing");
        assertEquals("n1 is closing", out.closed);
        assertEquals("n1 is closing", in.closed);
        node.takeEvents();
        node.links.onTick(10 * ET);
        node.links.onFrame(in, data(1, 1, "a"), node.now);
        FakeConnection late = node.dialled(N3);
        assertNotNull(late.closed);
        FakeConnection knock = new FakeConnection();
        node.links.onAccepted(knock, node.now);
        assertEquals("this node is closing", knock.closed);
        assertEquals(List.of(), node.takeEvents());
        assertEquals(Long.MAX_VALUE, node.links.nextTickNanos());
    }
}
