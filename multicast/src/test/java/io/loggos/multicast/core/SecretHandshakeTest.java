package io.loggos.multicast.core;

import static io.loggos.multicast.core.LonelyNode.HB;
import static io.loggos.multicast.core.LonelyNode.N1;
import static io.loggos.multicast.core.LonelyNode.N2;
import static io.loggos.multicast.core.LonelyNode.N3;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.WriteMark;
import io.loggos.multicast.core.SharedSecret.Label;
import io.loggos.multicast.wire.Frame.Challenge;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Proofs of a shared secret, and what an attacker gets who has heard some (RULES.md B-3). */
class SecretHandshakeTest {
    private static final Bytes OLD = Bytes.utf8("the old secret, 24 bytes");
    private static final Bytes NEW = Bytes.utf8("the new secret, 24 bytes");

    private final LonelyNode node = started();
    /** The peers that the test plays, and whose proofs are sound. */
    private final SharedSecret peers = new SharedSecret(List.of(OLD), new SplittableRandom(2));

    private static LonelyNode started() {
        LonelyNode made = new LonelyNode(new SharedSecret(List.of(OLD), new SplittableRandom(1)));
        made.links.start(0);
        return made;
    }

    @Test
    void whoProvesTheSecretIsWelcomedWithAProof() {
        FakeConnection c = knock();
        Hello hello = proved(LonelyNode.hello(N2, 200, 1), challenge(c));
        node.receive(c, FrameCodec.encode(hello));
        Welcome welcome = c.last(Welcome.class);
        assertTrue(peers.own()
                .isProof(
                        welcome.proof(),
                        Label.LINK_WELCOME,
                        FrameCodec.encode(hello),
                        challenge(c),
                        FrameCodec.encode(welcome.with(Bytes.EMPTY))));
        assertTrue(node.roster.met(N2).isPresent());
    }

    /** Plays the handshakes by which a stranger once learned, from refusal to refusal, what to claim. */
    @Test
    void aStrangerLearnsNothingWhateverItSays() {
        for (LonelyNode asked : List.of(node, LonelyNode.started())) {
            List<Hello> guesses = new ArrayList<>(List.of(
                    new Hello(1, 1, "guess", NodeId.of(9), NodeId.of(9), 0, 0, 1, WriteMark.NONE),
                    new Hello(1, 1, "test", NodeId.of(9), NodeId.of(9), 0, 0, 1, WriteMark.NONE),
                    new Hello(1, 1, "test", NodeId.of(9), N1, 0, 0, 1, WriteMark.NONE),
                    new Hello(9, 9, "test", N2, N1, 2, 0, 1, WriteMark.NONE)));
            if (asked == node) {
                guesses.add(new Hello(1, 1, "test", N2, N1, 2, 200, 1, WriteMark.NONE));
                guesses.add(new Hello(1, 1, "test", N2, N1, 2, 200, Long.MAX_VALUE, WriteMark.NONE));
            }
            for (Hello guess : guesses) {
                FakeConnection c = new FakeConnection();
                asked.links.onAccepted(c, asked.now);
                asked.receive(c, FrameCodec.encode(guess));
                assertEquals(List.of(Refused.UNTOLD), c.sent(Refused.class));
                assertEquals(Refused.UNTOLD.text(), c.closed);
                assertEquals(List.of(), c.sent(Welcome.class));
            }
            assertTrue(asked.roster.met(N2).isEmpty());
        }
    }

    @Test
    void whoProvesTheSecretLearnsWhyItIsRefused() {
        FakeConnection c = knock();
        node.receive(
                c,
                FrameCodec.encode(proved(new Hello(1, 1, "billing", N2, N1, 2, 200, 1, WriteMark.NONE), challenge(c))));
        assertEquals(
                "n1 belongs to cluster \"test\", n2 to \"billing\"",
                c.last(Refused.class).text());
    }

    @Test
    void aProofIsWorthNothingOnAnotherConnection() {
        FakeConnection first = knock();
        Bytes heard = FrameCodec.encode(proved(LonelyNode.hello(N2, 200, 1), challenge(first)));
        node.receive(first, heard);
        assertNotNull(first.last(Welcome.class));
        node.links.onClosed(first, "broke", node.now);
        FakeConnection again = knock();
        node.receive(again, heard);
        assertEquals(Refused.UNTOLD, again.last(Refused.class));
        assertEquals(List.of(), again.sent(Welcome.class));
    }

    @Test
    void aProofHoldsForEveryFieldOfTheHello() {
        Hello sound = LonelyNode.hello(N2, 200, 1);
        List<Hello> altered = List.of(
                new Hello(1, 2, "test", N2, N1, 2, 200, 1, WriteMark.NONE),
                new Hello(1, 1, "test", N3, N1, 2, 200, 1, WriteMark.NONE),
                new Hello(1, 1, "test", N2, N1, 3, 200, 1, WriteMark.NONE),
                new Hello(1, 1, "test", N2, N1, 2, 201, 1, WriteMark.NONE),
                new Hello(1, 1, "test", N2, N1, 2, 200, 2, WriteMark.NONE));
        for (Hello other : altered) {
            FakeConnection c = knock();
            Hello proved = proved(sound, challenge(c));
            node.receive(c, FrameCodec.encode(other.with(proved.nonce(), proved.proof())));
            assertEquals(Refused.UNTOLD, c.last(Refused.class));
        }
        FakeConnection c = knock();
        Hello proved = proved(sound, challenge(c));
        node.receive(c, FrameCodec.encode(sound.with(peers.nonce(), proved.proof())));
        assertEquals(Refused.UNTOLD, c.last(Refused.class));
        assertTrue(node.roster.met(N2).isEmpty());
    }

    /** A node that dials gives a proof for one address and one nonce, and it does not open its own door. */
    @Test
    void aDiallersProofCannotBeTurnedAgainstIt() {
        FakeConnection in = knock();
        FakeConnection out = node.dialled(N2);
        node.receive(out, FrameCodec.encode(new Challenge(challenge(in))));
        Hello own = out.last(Hello.class);
        node.receive(in, FrameCodec.encode(own));
        assertEquals(Refused.UNTOLD, in.last(Refused.class));
        assertEquals(List.of(), in.sent(Welcome.class));
    }

    @Test
    void aDiallerSaysNothingUntilItIsChallenged() {
        FakeConnection c = node.dialled(N2);
        assertEquals(List.of(), c.sent);
        node.receive(c, LonelyNode.welcome(N2, 200, 0, 0));
        assertEquals("INVALID: a Welcome out of place", c.closed);
        FakeConnection silent = node.dialled(N3);
        node.takeEvents();
        node.pass(12 * HB);
        assertNotNull(silent.closed);
        assertTrue(node.takeEvents()
                .contains("refused n3: what answers at the address of n3 asks for no proof, and n1 has a secret"));
    }

    @Test
    void anAcceptorProvesItselfToo() {
        FakeConnection c = node.dialled(N2);
        Bytes nonce = peers.nonce();
        node.receive(c, FrameCodec.encode(new Challenge(nonce)));
        Hello hello = c.last(Hello.class);
        Welcome bare = new Welcome(1, N2, 2, 200, 0, 0, true, WriteMark.NONE);
        node.receive(c, FrameCodec.encode(bare));
        assertEquals(Refused.UNTOLD, c.last(Refused.class));
        assertTrue(node.roster.met(N2).isEmpty());

        node.pass(50 * HB);
        FakeConnection replayed = node.dialled(N2);
        node.receive(replayed, FrameCodec.encode(new Challenge(nonce)));
        node.receive(replayed, FrameCodec.encode(welcome(bare, hello, nonce)));
        assertEquals(Refused.UNTOLD, replayed.last(Refused.class));
        assertTrue(node.roster.rememberedBy().isEmpty());

        node.pass(50 * HB);
        FakeConnection sound = node.dialled(N2);
        node.receive(sound, FrameCodec.encode(new Challenge(nonce)));
        node.receive(sound, FrameCodec.encode(welcome(bare, sound.last(Hello.class), nonce)));
        assertNull(sound.closed);
        assertTrue(node.roster.rememberedBy().contains(N2));
    }

    @Test
    void aSecretIsReplacedInThreeSteps() {
        assertTrue(meet(List.of(OLD), List.of(OLD, NEW)));
        assertTrue(meet(List.of(OLD, NEW), List.of(NEW, OLD)));
        assertTrue(meet(List.of(NEW, OLD), List.of(NEW)));
    }

    @Test
    void nodesWithoutTheSecretStayOutsideAndBothSay() {
        LinkCluster one = cluster(List.of(OLD), List.of());
        one.run(3 * LinkCluster.ET);
        assertEquals("n1 asks for the proof of a secret, and n2 has none", one.node(2).refused);
        String refused = one.node(1).refused;
        assertTrue(
                List.of(
                                "what says that it is n2 proves no secret, and n1 has one",
                                "what answers at the address of n2 asks for no proof, and n1 has a secret")
                        .contains(refused),
                refused);
        assertOutside(one);

        LinkCluster other = cluster(List.of(OLD), List.of(NEW));
        other.run(3 * LinkCluster.ET);
        for (int i = 1; i <= 2; i++) {
            String text = other.node(i).refused;
            assertTrue(text.contains("knows another secret") || text.endsWith("; its log says why"), text);
        }
        assertOutside(other);
    }

    private static void assertOutside(LinkCluster cluster) {
        assertTrue(cluster.node(1).roster.met(N2).isEmpty());
        assertTrue(cluster.node(2).roster.met(N1).isEmpty());
        assertEquals(0, cluster.oracle.delivered());
        assertEquals(0, cluster.node(1).invalidFrames() + cluster.node(2).invalidFrames());
    }

    private static boolean meet(List<Bytes> one, List<Bytes> other) {
        LinkCluster cluster = cluster(one, other);
        cluster.run(3 * LinkCluster.ET);
        return cluster.isConnected() && cluster.oracle.delivered() > 0;
    }

    private static LinkCluster cluster(List<Bytes> one, List<Bytes> other) {
        LinkCluster cluster = new LinkCluster(1, 2, new LinkRules());
        cluster.node(1).secrets = one;
        cluster.node(2).secrets = other;
        cluster.startAll();
        return cluster;
    }

    /** A stranger or peer dials; the connection has got its challenge. */
    private FakeConnection knock() {
        FakeConnection c = new FakeConnection();
        node.links.onAccepted(c, node.now);
        return c;
    }

    private static Bytes challenge(FakeConnection c) {
        return c.last(Challenge.class).nonce();
    }

    private Hello proved(Hello hello, Bytes challenge) {
        Hello fresh = hello.with(peers.nonce(), Bytes.EMPTY);
        return fresh.with(fresh.nonce(), peers.own().prove(Label.LINK_HELLO, FrameCodec.encode(fresh), challenge));
    }

    private Welcome welcome(Welcome bare, Hello hello, Bytes challenge) {
        return bare.with(
                peers.own().prove(Label.LINK_WELCOME, FrameCodec.encode(hello), challenge, FrameCodec.encode(bare)));
    }
}
