package io.loggos.multicast.core;

import static io.loggos.multicast.core.LonelyNode.ET;
import static io.loggos.multicast.core.LonelyNode.HB;
import static io.loggos.multicast.core.LonelyNode.N2;
import static io.loggos.multicast.core.LonelyNode.N3;
import static io.loggos.multicast.core.LonelyNode.data;
import static io.loggos.multicast.core.LonelyNode.hello;
import static io.loggos.multicast.core.LonelyNode.welcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.spi.WriteMark;
import io.loggos.multicast.wire.Frame.Heartbeat;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One rule about the connections of links each; RULES.md S-1, S-4, P-15. */
class LinkConnectionsTest {
    private final LonelyNode node = LonelyNode.started();

    @Test
    void anOlderConnectionNeverReplacesANewerOne() {
        FakeConnection second = node.accepted(hello(N2, 200, 2));
        FakeConnection first = node.accepted(hello(N2, 200, 1));
        assertEquals(List.of(Refused.UNTOLD), first.sent);
        assertEquals(Refused.UNTOLD.text(), first.closed);
        assertEquals(
                "n1 has connection 2 of this life of n2, this is connection 1",
                node.links.status(N2).refusal());
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
        assertEquals(List.of(Refused.UNTOLD), other.sent);
        assertEquals(
                "n1 is connected to life c8 of n2, this is life c9",
                node.links.status(N2).refusal());
        node.pass(3 * HB + 1);
        FakeConnection again = node.accepted(hello(N2, 201, 2));
        assertEquals(new Welcome(1, LonelyNode.N1, 1, 100, 0, 0, true, WriteMark.NONE), again.last(Welcome.class));
        assertNotNull(first.closed);
    }

    /** A ghost: the Hello of an earlier process comes late. What it interrupted is over, and is not mixed with it. */
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
        assertEquals(new Welcome(1, LonelyNode.N1, 1, 100, 5, 0, false, WriteMark.NONE), back.last(Welcome.class));
        node.receive(back, data(5, 1, "a"));
        assertEquals(List.of(), node.takeEvents());
        node.receive(back, data(6, 1, "b"));
        assertEquals(List.of("incoming reset n2", "n2 1 b"), node.takeEvents());
        assertEquals(Refused.UNTOLD, node.accepted(hello(N2, 199, 1)).last(Refused.class));
        assertNull(back.closed);
    }

    /** RULES.md B-6: a number, however high, keeps nobody out for longer than its connection lasts. */
    @Test
    void theHighestNumberOfAConnectionIsForgottenWithIt() {
        FakeConnection absurd = node.accepted(hello(N2, 200, Long.MAX_VALUE));
        assertEquals(1, absurd.sent(Welcome.class).size());
        assertEquals(Refused.UNTOLD, node.accepted(hello(N2, 200, 8)).last(Refused.class));
        node.links.onClosed(absurd, "broke", node.now);
        FakeConnection honest = node.accepted(hello(N2, 200, 9));
        assertEquals(1, honest.sent(Welcome.class).size());
        node.links.onClosed(honest, "broke", node.now);
        FakeConnection other = node.accepted(hello(N2, 7, Long.MAX_VALUE));
        node.links.onClosed(other, "broke", node.now);
        assertEquals(1, node.accepted(hello(N2, 200, 10)).sent(Welcome.class).size());
    }

    /** RULES.md B-6: one frame raises a generation by no more than a process can have reset its link. */
    @Test
    void anAbsurdGenerationEndsItsConnectionAndNothingElse() {
        FakeConnection absurd = node.accepted(hello(N2, 200, 1));
        node.receive(absurd, data(Long.MAX_VALUE, 1, "a"));
        assertEquals("INVALID: generation 9223372036854775807 after 0", absurd.closed);
        FakeConnection honest = node.accepted(hello(N2, 200, 2));
        node.receive(honest, data(3, 1, "b"));
        assertTrue(node.takeEvents().contains("n2 1 b"));
        FakeConnection dialled = node.dialled(N2);
        node.receive(dialled, welcome(N2, 200, Long.MAX_VALUE, 0));
        assertEquals("INVALID: generation 9223372036854775807 after 0", dialled.closed);
        assertEquals(0, node.links.status(N2).generation());
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
