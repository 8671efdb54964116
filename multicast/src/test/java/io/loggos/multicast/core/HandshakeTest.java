package io.loggos.multicast.core;

import static io.loggos.multicast.core.LonelyNode.HB;
import static io.loggos.multicast.core.LonelyNode.N1;
import static io.loggos.multicast.core.LonelyNode.N2;
import static io.loggos.multicast.core.LonelyNode.N3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.spi.WriteMark;
import io.loggos.multicast.wire.Frame.Data;
import io.loggos.multicast.wire.Frame.Heartbeat;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.multicast.wire.Refusal;
import io.loggos.testkit.network.MemoryRoster;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Admission of peers, and the errors that both ends are told (RULES.md B-3, B-4, F-18, T-10). */
class HandshakeTest {
    private final LonelyNode node = LonelyNode.started();

    @Test
    void anotherVersionIsRefused() {
        refuses(
                new Hello(2, 4, "test", N2, N1, 2, 200, 1, WriteMark.NONE),
                N2,
                "n1 speaks version 1, n2 speaks versions 2 to 4");
        refuses(
                new Hello(0, 0, "test", N2, N1, 2, 200, 1, WriteMark.NONE),
                N2,
                "n1 speaks version 1, n2 speaks version 0");
    }

    @Test
    void aRangeThatOverlapsIsNegotiated() {
        FakeConnection c = node.accepted(new Hello(1, 4, "test", N2, N1, 2, 200, 1, WriteMark.NONE));
        assertEquals(1, c.last(Welcome.class).version());
    }

    @Test
    void anotherClusterIsRefused() {
        refuses(
                new Hello(1, 1, "billing", N2, N1, 2, 200, 1, WriteMark.NONE),
                N2,
                "n1 belongs to cluster \"test\", n2 to \"billing\"");
        refuses(
                new Hello(1, 1, "x".repeat(500), N2, N1, 2, 200, 1, WriteMark.NONE),
                N2,
                "n1 belongs to cluster \"test\", n2 to \"" + "x".repeat(128) + "…\"");
    }

    @Test
    void whoWantedAnotherNodeIsRefused() {
        refuses(new Hello(1, 1, "test", N2, N3, 2, 200, 1, WriteMark.NONE), N2, "n2 wanted n3, this is n1");
    }

    @Test
    void whoIsNoPeerIsRefused() {
        NodeId n9 = NodeId.of(9);
        refuses(
                new Hello(1, 1, "test", n9, N1, 2, 200, 1, WriteMark.NONE),
                n9,
                "n9 is not a peer of n1, the peers are [n2, n3]");
        refuses(
                new Hello(1, 1, "test", N1, N1, 1, 100, 1, WriteMark.NONE),
                N1,
                "n1 is not a peer of n1, the peers are [n2, n3]");
    }

    @Test
    void aWipedPeerIsRefused() {
        node.roster.meet(N2, 0xabcL);
        refuses(
                new Hello(1, 1, "test", N2, N1, 0xdefL, 200, 1, WriteMark.NONE),
                N2,
                "n1 met n2 as incarnation abc, this is def");
        assertEquals(Optional.of(0xabcL), node.roster.met(N2));
        assertFalse(node.links.connectivity().connected(N2, N2));
    }

    @Test
    void aPeerIsRememberedBeforeItIsWelcomed() {
        FakeConnection c = node.accepted(new Hello(1, 1, "test", N2, N1, 77, 200, 1, WriteMark.NONE));
        assertEquals(1, c.sent(Welcome.class).size());
        assertEquals(Optional.of(77L), node.roster.met(N2));
        assertTrue(node.roster.rememberedBy().isEmpty());
    }

    @Test
    void aWelcomeIsCheckedToo() {
        node.roster.meet(N2, 0xabcL);
        refusesAnswer(
                new Welcome(1, N2, 0xdefL, 200, 0, 0, true, WriteMark.NONE),
                "n1 met n2 as incarnation abc, this is def");
        refusesAnswer(new Welcome(1, N3, 3, 200, 0, 0, true, WriteMark.NONE), "n1 wanted n2, n3 answered");
        refusesAnswer(
                new Welcome(2, N2, 0xabcL, 200, 0, 0, true, WriteMark.NONE), "n1 speaks version 1, n2 chose version 2");
        assertTrue(node.roster.rememberedBy().isEmpty());
        FakeConnection c = node.dialled(N2);
        node.receive(c, FrameCodec.encode(new Welcome(1, N2, 0xabcL, 200, 0, 0, true, WriteMark.NONE)));
        assertNull(c.closed);
        assertTrue(node.roster.rememberedBy().contains(N2));
        assertNull(node.links.status(N2).refusal());
    }

    /** RULES.md O-4: what a peer was told is told back, and the store of this node must hold it. */
    @Test
    void aNodeThatHasLostWritesIsFencedByAHelloAndByAWelcome() {
        node.roster.begin(100);
        node.roster.synced(7);
        FakeConnection fits = node.accepted(
                new Hello(1, 1, "test", N2, N1, 2, 200, 1, new WriteMark(node.roster.incarnation(), 100, 7)));
        assertEquals(1, fits.sent(Welcome.class).size());
        FakeConnection established = node.welcomed(N2, 200);
        node.takeEvents();

        FakeConnection c = node.dialled(N3);
        node.receive(
                c,
                FrameCodec.encode(
                        new Welcome(1, N3, 3, 300, 0, 0, true, new WriteMark(node.roster.incarnation(), 100, 8))));
        assertEquals(Refusal.AMNESIA_DETECTED, c.last(Refused.class).code());
        assertEquals(Refusal.AMNESIA_DETECTED, established.last(Refused.class).code());
        assertEquals(Refusal.AMNESIA_DETECTED, fits.last(Refused.class).code());
        assertTrue(c.last(Refused.class).text().startsWith("AMNESIA_DETECTED: one of the two nodes is fenced"));
        assertTrue(node.roster.fenced().orElseThrow().startsWith("n1 told n3 that write 8 "));
        assertFalse(node.roster.rememberedBy().contains(N3));
        assertTrue(node.roster.fenced().isPresent());
        node.takeEvents();
        node.pass(200 * HB);
        assertFalse(node.takeEvents().contains("connect n2"), "a fenced node dials nobody");

        FakeConnection again = node.accepted(LonelyNode.hello(N2, 200, 9));
        assertEquals(Refusal.AMNESIA_DETECTED, again.last(Refused.class).code());
        assertTrue(again.sent(Welcome.class).isEmpty());
    }

    /** The mark of another incarnation of this node says nothing about this one. */
    @Test
    void aMarkOfAnotherStoreDoesNotFence() {
        node.roster.begin(100);
        FakeConnection c = node.accepted(new Hello(1, 1, "test", N2, N1, 2, 200, 1, new WriteMark(77, 55, 9)));
        assertEquals(1, c.sent(Welcome.class).size());
        assertTrue(node.roster.fenced().isEmpty());
    }

    /** The last frame of a peer tells what the next handshake tells back. */
    @Test
    void whatAPeerTellsIsToldBack() {
        FakeConnection c = node.accepted(LonelyNode.hello(N2, 200, 1));
        node.receive(c, LonelyNode.dataAfter(5, 1, 1, "a"));
        node.receive(c, LonelyNode.dataAfter(9, 1, 2, "b"));
        FakeConnection again = node.accepted(LonelyNode.hello(N2, 200, 2));
        assertEquals(new WriteMark(2, 200, 9), again.last(Welcome.class).told());
        node.receive(again, LonelyNode.heartbeatAfter(11));
        FakeConnection later = node.dialled(N2);
        assertEquals(new WriteMark(2, 200, 11), later.last(Hello.class).told());
    }

    /** An idle node tells, too: its peers hold against it what it had synced before it fell silent (RULES.md F-14). */
    @Test
    void greetingsHeartbeatsAndDataTellHowManyWritesAreSynced() {
        node.roster.synced(7);
        FakeConnection c = node.welcomed(N2, 200);
        assertEquals(7, c.last(Heartbeat.class).syncedWrites());
        node.roster.synced(8);
        node.pass(HB);
        assertEquals(8, c.last(Heartbeat.class).syncedWrites());
        node.roster.synced(9);
        node.send(N2, "a");
        assertEquals(9, c.last(Data.class).syncedWrites());
    }

    @Test
    void whoIsRefusedLearnsWhyAndTriesAgainSlowly() {
        FakeConnection c = node.dialled(N2);
        node.takeEvents();
        node.receive(c, LonelyNode.refused(new Refused(Refusal.CLUSTER, "n2 belongs elsewhere")));
        assertEquals(List.of("refused n2: n2 belongs elsewhere"), node.takeEvents());
        assertEquals("n2 belongs elsewhere", c.closed);
        assertEquals("n2 belongs elsewhere", node.links.status(N2).refusal());
        node.pass(19 * HB);
        assertFalse(node.takeEvents().contains("connect n2"));
        node.pass(22 * HB);
        assertTrue(node.takeEvents().contains("connect n2"));
    }

    @Test
    void aRefusalThatPassesIsTriedAgainSoon() {
        FakeConnection c = node.dialled(N2);
        node.takeEvents();
        node.receive(c, LonelyNode.refused(new Refused(Refusal.LIFE_IN_USE, "wait")));
        node.pass(HB);
        assertTrue(node.takeEvents().contains("connect n2"));
    }

    @Test
    void anAcceptorThatIsRefusedLearnsWhy() {
        FakeConnection c = node.accepted(LonelyNode.hello(N2, 200, 1));
        node.takeEvents();
        node.receive(c, LonelyNode.refused(new Refused(Refusal.UNKNOWN_INCARNATION, "who are you")));
        assertEquals(List.of("refused n2: who are you"), node.takeEvents());
        assertEquals("who are you", c.closed);
    }

    /** Tests both ends of a real connection between two nodes of different clusters. */
    @Test
    void bothEndsReportARefusal() {
        LinkCluster cluster = new LinkCluster(1, 2, new LinkRules());
        cluster.node(2).clusterId = "other";
        cluster.startAll();
        cluster.run(LinkCluster.ET);
        List<String> texts = List.of(
                "n1 belongs to cluster \"test\", n2 to \"other\"", "n2 belongs to cluster \"other\", n1 to \"test\"");
        for (int i = 1; i <= 2; i++) {
            String refused = cluster.node(i).refused;
            assertTrue(texts.contains(refused) || refused.endsWith("; its log says why"), refused);
        }
        assertEquals(0, cluster.oracle.delivered());
        assertEquals(0, cluster.node(1).invalidFrames() + cluster.node(2).invalidFrames());
    }

    /** RULES.md F-18: a disk was wiped. No node that knew the node before admits it, and both ends say so. */
    @Test
    void aWipedNodeStaysOutside() {
        LinkCluster cluster = new LinkCluster(1, 3, new LinkRules());
        cluster.startAll();
        cluster.run(3 * LinkCluster.ET);
        assertTrue(cluster.isConnected());
        cluster.node(3).crash();
        cluster.node(3).roster = new MemoryRoster(0x33);
        cluster.run(2 * LinkCluster.ET);
        cluster.node(3).start();
        cluster.run(10 * LinkCluster.ET);
        for (int i = 1; i <= 2; i++) {
            assertFalse(cluster.node(i).links().connectivity().connected(N3));
            assertEquals("n" + i + " met n3 as incarnation 3, this is 33", cluster.node(i).refused);
        }
        assertTrue(cluster.node(3).refused.endsWith(" refuses n3; its log says why"), cluster.node(3).refused);
        assertEquals(0, cluster.node(3).formed);
    }

    private void refuses(Hello hello, NodeId from, String text) {
        node.takeEvents();
        FakeConnection c = node.accepted(hello);
        assertEquals(List.of(Refused.UNTOLD), c.sent);
        assertEquals(Refused.UNTOLD.text(), c.closed);
        assertEquals(List.of("refused " + from + ": " + text), node.takeEvents());
        assertFalse(node.links.connectivity().connected(N2, N2));
    }

    private void refusesAnswer(Welcome welcome, String text) {
        FakeConnection c = node.dialled(N2);
        node.takeEvents();
        node.receive(c, FrameCodec.encode(welcome));
        assertEquals(Refused.UNTOLD, c.last(Refused.class));
        assertEquals(Refused.UNTOLD.text(), c.closed);
        assertEquals(List.of("refused n2: " + text), node.takeEvents());
        assertEquals(0, node.links.status(N2).generation());
    }
}
