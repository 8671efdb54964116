package io.loggos.multicast.core;

import static io.loggos.multicast.core.LonelyNode.HB;
import static io.loggos.multicast.core.LonelyNode.N2;
import static io.loggos.multicast.core.LonelyNode.ack;
import static io.loggos.multicast.core.LonelyNode.data;
import static io.loggos.multicast.core.LonelyNode.hello;
import static io.loggos.multicast.core.LonelyNode.welcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.WriteMark;
import io.loggos.multicast.wire.Frame.Ack;
import io.loggos.multicast.wire.Frame.Data;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One rule of the link protocol each; RULES.md S-1, S-4, P-15. */
class LinksTest {
    private final LonelyNode node = LonelyNode.started();

    @Test
    void aNodeDialsEachPeerAndSaysHello() {
        assertEquals(List.of("connect n2", "connect n3"), node.takeEvents());
        FakeConnection c = node.dialled(N2);
        assertEquals(List.of(new Hello(1, 1, "test", NodeId.of(1), N2, 1, 100, 1, WriteMark.NONE)), c.sent);
    }

    @Test
    void theFirstWelcomeBeginsGenerationOneAndSaysSo() {
        node.links.send(N2, Bytes.EMPTY, Bytes.utf8("nobody is there"));
        node.takeEvents();
        FakeConnection c = node.welcomed(N2, 200);
        assertEquals(List.of("outgoing reset n2"), node.takeEvents());
        assertEquals(List.of(new Data(1, 1, 0, List.of())), c.sent(Data.class));
        assertEquals(1, node.links.status(N2).dropped());
    }

    @Test
    void messagesAreNumberedFromOneAndOneFrameCarriesWhatHasQueued() {
        FakeConnection c = node.welcomed(N2, 200);
        node.send(N2, "a", "b");
        node.send(N2, "c");
        assertEquals(
                List.of(
                        new Data(1, 1, 0, List.of()),
                        new Data(1, 1, 0, List.of(Bytes.utf8("a"), Bytes.utf8("b"))),
                        new Data(1, 3, 0, List.of(Bytes.utf8("c")))),
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
        assertEquals(List.of(new Data(1, 3, 0, List.of(Bytes.utf8("c"), Bytes.utf8("d")))), second.sent(Data.class));
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
        assertEquals(List.of(new Data(1, 1, 0, List.of(Bytes.utf8("a")))), second.sent(Data.class));
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
        assertEquals(List.of(new Data(2, 1, 0, List.of())), second.sent(Data.class));
        assertEquals(List.of("outgoing reset n2"), node.takeEvents());
        assertEquals(1, node.links.status(N2).dropped());
    }

    @Test
    void aGenerationEndsWhenThePeerLacksWhatItAcknowledged() {
        endsOn(new Welcome(1, N2, 2, 200, 0, 0, true, WriteMark.NONE));
        endsOn(new Welcome(1, N2, 2, 200, 1, 0, true, WriteMark.NONE));
    }

    @Test
    void aGenerationEndsWhenThePeerSaysThatItHas() {
        endsOn(new Welcome(1, N2, 2, 200, 1, 2, false, WriteMark.NONE));
    }

    @Test
    void aGenerationEndsWhenThePeerKnowsMoreThanWasSent() {
        endsOn(new Welcome(1, N2, 2, 200, 1, 9, true, WriteMark.NONE));
        endsOn(new Welcome(1, N2, 2, 200, 7, 1, true, WriteMark.NONE));
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
        assertEquals(
                List.of(new Data(Math.max(1, welcome.generation()) + 1, 1, 0, List.of())), second.sent(Data.class));
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
        assertEquals(List.of(new Data(2, 1, 0, List.of())), next.sent(Data.class));
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
        assertEquals(new Data(1, 7, 0, List.of()).first(), c.last(Data.class).first());
        assertEquals(4, c.last(Data.class).messages().size());
        assertEquals(6 * 10_064L, node.links.status(N2).bufferedBytes());
    }

    @Test
    void aMessageThatFitsIntoNoFrameIsRefusedToItsSender() {
        node.welcomed(N2, 200);
        int most = LonelyNode.SMALL.maxFrameBytes() - 34;
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

    /** A sender keeps what is not acknowledged, and more than small messages themselves: it never has to wait long. */
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
    void withoutCreditAnAcknowledgementRepeatsTheLastOne() {
        FakeConnection c = node.accepted(hello(N2, 200, 1));
        node.receive(c, data(1, 1, "a"));
        node.receive(c, LonelyNode.heartbeat());
        node.links.withhold(true);
        node.receive(c, data(1, 2, "b"));
        node.receive(c, LonelyNode.heartbeat());
        assertEquals(List.of(new Ack(1, 1), new Ack(1, 1)), c.sent(Ack.class));
        assertTrue(node.takeEvents().contains("n2 2 b"));

        FakeConnection second = node.accepted(hello(N2, 200, 2));
        assertEquals(1, second.last(Welcome.class).received());
        node.receive(second, data(1, 2, "b", "c"));
        assertTrue(node.takeEvents().contains("n2 3 c"));
        node.links.withhold(false);
        node.receive(second, LonelyNode.heartbeat());
        assertEquals(List.of(new Ack(1, 3)), second.sent(Ack.class));
    }

    /** A new generation begins with a whole window. What an acceptor without room takes is bounded nevertheless. */
    @Test
    void withoutCreditNoMoreThanAWindowIsTakenOverAllGenerations() {
        FakeConnection c = node.accepted(hello(N2, 200, 1));
        node.links.withhold(true);
        long taken = 0;
        for (int generation = 1; generation <= 20; generation++) {
            for (int number = 1; number <= 4; number++) {
                node.receive(c, data(generation, number, "x".repeat(10_000)));
                taken += node.takeEvents().stream()
                        .filter(event -> event.endsWith("x"))
                        .count();
            }
        }
        long most = LonelyNode.SMALL.windowBytes() + 2L * LonelyNode.SMALL.maxFrameBytes();
        assertTrue(taken >= 6 && taken * 10_000 <= most, "messages taken: " + taken);
        assertNull(c.closed);
        node.receive(c, LonelyNode.heartbeat());
        assertEquals(0, c.last(Ack.class).received());

        node.links.withhold(false);
        assertEquals("n1 had no room, and has room again", c.closed);
        FakeConnection second = node.accepted(hello(N2, 200, 2));
        assertTrue(second.last(Welcome.class).generation() <= 20);
        node.receive(second, data(20, 1, "again"));
        assertTrue(node.takeEvents().contains("n2 1 again"));
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
        assertEquals(new Welcome(1, LonelyNode.N1, 1, 100, 1, 3, true, WriteMark.NONE), next.last(Welcome.class));
    }

    /** RULES.md O-9: the message is lost to the protocols, so what follows it is of another generation. */
    @Test
    void messageThatBreaksARuleEndsTheConnection() {
        FakeConnection c = node.accepted(hello(N2, 200, 1));
        node.takeEvents();
        node.receive(c, data(1, 1, "a", "nonsense", "b"));
        assertEquals("INVALID: message 2: nonsense", c.closed);
        assertEquals(1, node.links.invalidFrames());
        FakeConnection next = node.accepted(hello(N2, 200, 2));
        assertEquals(new Welcome(1, LonelyNode.N1, 1, 100, 1, 2, false, WriteMark.NONE), next.last(Welcome.class));
        node.receive(next, data(2, 1, "b"));
        assertEquals(List.of("incoming reset n2", "n2 1 a", "incoming reset n2", "n2 1 b"), node.takeEvents());
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
}
