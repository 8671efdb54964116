package io.loggos.multicast.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Roster;
import io.loggos.api.spi.Transport.Connection;
import io.loggos.api.spi.Transport.Evidence;
import io.loggos.api.spi.WriteMark;
import io.loggos.multicast.core.SharedSecret.Label;
import io.loggos.multicast.wire.Frame.Challenge;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.multicast.wire.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the two ends of a connection make of each other, and their errors.
 *
 * <p>Proofs come first. With a secret, the acceptor challenges, the dialler proves its Hello, and the acceptor proves its
 * Welcome. An end that has proved nothing learns nothing, not even what was wrong (RULES.md B-3).
 */
final class Handshake {
    private final LinkSettings settings;

    Handshake(LinkSettings settings) {
        this.settings = settings;
    }

    /**
     * State of a dialler between its Hello and the answer.
     *
     * @param hello the Hello as it was sent
     * @param challenge the acceptor's nonce; empty if there is no secret
     */
    record Greeting(Hello hello, Bytes challenge) {}

    /**
     * Proof that a dialler has given.
     *
     * @param key the secret that the Hello proves; null if this node knows none
     * @param told true if the dialler may learn what is wrong
     */
    record Proved(SharedSecret.@Nullable Key key, boolean told) {
        /** Returns the part of a refusal that the dialler is told. A fenced node says so to all, without details. */
        Refused told(Refused refused) {
            return told ? refused : refused.forStrangers();
        }
    }

    /**
     * Returns the Hello for a peer, with what its answer is checked against.
     *
     * @param attempt the number of this connection to the peer, from 1
     * @param challenge the nonce of the peer; empty if there is no secret
     */
    Greeting greeting(NodeId peer, long attempt, Bytes challenge) {
        Hello hello = new Hello(
                FrameCodec.LEAST_VERSION,
                FrameCodec.MOST_VERSION,
                settings.clusterId(),
                settings.self(),
                peer,
                settings.roster().incarnation(),
                settings.life(),
                attempt,
                settings.roster().markOf(peer));
        SharedSecret secret = settings.secret();
        if (secret == null) {
            return new Greeting(hello, Bytes.EMPTY);
        }
        Hello fresh = hello.with(secret.nonce(), Bytes.EMPTY);
        Bytes proof = secret.own().prove(Label.LINK_HELLO, FrameCodec.encode(fresh), challenge);
        return new Greeting(fresh.with(fresh.nonce(), proof), challenge);
    }

    /** Returns a new challenge, or null if this node knows no secret. */
    @Nullable
    Challenge challenge() {
        SharedSecret secret = settings.secret();
        return secret == null ? null : new Challenge(secret.nonce());
    }

    /**
     * Returns what a Hello proves.
     *
     * @param challenge this node's nonce for the connection; empty if there is no secret
     */
    Proved proved(Connection c, Hello hello, Bytes challenge) {
        SharedSecret secret = settings.secret();
        Evidence evidence = c.evidence(hello.from());
        if (secret == null) {
            return new Proved(null, evidence == Evidence.FOR);
        }
        Bytes said = FrameCodec.encode(hello.with(hello.nonce(), Bytes.EMPTY));
        SharedSecret.Key key = hello.nonce().size() == SharedSecret.NONCE_BYTES
                ? secret.proved(hello.proof(), Label.LINK_HELLO, said, challenge)
                : null;
        // A proof that this node has given itself shows nothing of the other end.
        boolean told =
                key != null && evidence != Evidence.AGAINST && !hello.from().equals(settings.self());
        return new Proved(key, told);
    }

    /** Returns the refusal of a Hello, or null. A peer that is not refused is remembered durably. */
    @Nullable
    Refused check(Connection c, Hello hello, Proved proved) {
        NodeId self = settings.self();
        Refused unproved =
                checkProof(c, hello.from(), proved.key() != null, !hello.nonce().isEmpty());
        if (unproved != null) {
            return unproved;
        }
        if (hello.leastVersion() > FrameCodec.MOST_VERSION || hello.mostVersion() < FrameCodec.LEAST_VERSION) {
            return new Refused(
                    Refusal.VERSION,
                    self + " speaks " + versions(FrameCodec.LEAST_VERSION, FrameCodec.MOST_VERSION) + ", "
                            + hello.from() + " speaks " + versions(hello.leastVersion(), hello.mostVersion()));
        }
        if (!hello.clusterId().equals(settings.clusterId())) {
            return new Refused(
                    Refusal.CLUSTER,
                    self + " belongs to cluster \"" + settings.clusterId() + "\", " + hello.from() + " to \""
                            + shortened(hello.clusterId()) + "\"");
        }
        if (!hello.to().equals(self)) {
            return new Refused(Refusal.WRONG_NODE, hello.from() + " wanted " + hello.to() + ", this is " + self);
        }
        if (settings.removed().containsKey(hello.incarnation())) {
            return removed(hello.from(), hello.incarnation());
        }
        if (!settings.peers().contains(hello.from())) {
            return new Refused(
                    Refusal.UNKNOWN_PEER,
                    hello.from() + " is not a peer of " + self + ", the peers are " + settings.peers());
        }
        Refused refused = checkIncarnation(hello.from(), hello.incarnation());
        return refused == null ? checkMemory(hello.from(), hello.told()) : refused;
    }

    /** Returns a Welcome with the proof that answers that of the Hello. */
    static Welcome proved(Welcome welcome, Hello hello, Bytes challenge, Proved proved) {
        SharedSecret.Key key = proved.key();
        return key == null ? welcome : welcome.with(proofOf(welcome, hello, challenge, key));
    }

    private static Bytes proofOf(Welcome welcome, Hello hello, Bytes challenge, SharedSecret.Key key) {
        return key.prove(
                Label.LINK_WELCOME, FrameCodec.encode(hello), challenge, FrameCodec.encode(welcome.with(Bytes.EMPTY)));
    }

    /** Returns true if the acceptor has proved its Welcome, or a certificate shows who it is. */
    boolean isProved(Connection c, NodeId dialled, Greeting greeting, Welcome welcome) {
        SharedSecret secret = settings.secret();
        if (secret == null) {
            return c.evidence(dialled) == Evidence.FOR;
        }
        Bytes unproved = FrameCodec.encode(welcome.with(Bytes.EMPTY));
        Bytes said = FrameCodec.encode(greeting.hello());
        return secret.own().isProof(welcome.proof(), Label.LINK_WELCOME, said, greeting.challenge(), unproved)
                && c.evidence(dialled) != Evidence.AGAINST;
    }

    /**
     * Returns the refusal of a Welcome, or null.
     *
     * <p>Without a refusal, the peer is remembered durably, and is known to remember this node.
     */
    @Nullable
    Refused check(Connection c, NodeId dialled, Greeting greeting, Welcome welcome) {
        Refused unproved = checkProof(
                c,
                dialled,
                isProved(c, dialled, greeting, welcome),
                !welcome.proof().isEmpty());
        if (unproved != null) {
            return unproved;
        }
        if (welcome.version() < FrameCodec.LEAST_VERSION || welcome.version() > FrameCodec.MOST_VERSION) {
            return new Refused(
                    Refusal.VERSION,
                    settings.self() + " speaks " + versions(FrameCodec.LEAST_VERSION, FrameCodec.MOST_VERSION) + ", "
                            + dialled + " chose version " + welcome.version());
        }
        if (!welcome.from().equals(dialled)) {
            return new Refused(
                    Refusal.WRONG_NODE, settings.self() + " wanted " + dialled + ", " + welcome.from() + " answered");
        }
        Refused refused = checkIncarnation(dialled, welcome.incarnation());
        if (refused == null) {
            refused = checkMemory(dialled, welcome.told());
        }
        if (refused == null) {
            settings.roster().rememberedBy(dialled);
        }
        return refused;
    }

    /**
     * Fences this node if its store lacks a write that it once told to be synced (RULES.md O-4).
     *
     * <p>No order of messages matters here. The mark was told before it came back, and a sound store never loses it.
     */
    private @Nullable Refused checkMemory(NodeId peer, WriteMark told) {
        Roster roster = settings.roster();
        if (roster.fenced().isEmpty() && !roster.holds(told)) {
            roster.fence(settings.self() + " told " + peer + " that write " + told.writes() + " of its life "
                    + Long.toHexString(told.life())
                    + " is on its disk, and it is not. Its data directory is an older copy, or its disk has lost"
                    + " synced writes. It may have forgotten votes, so it takes no part any more. Stop it and put"
                    + " back its latest data directory. If that is lost, leave it stopped; the others go on");
        }
        return roster.fenced().map(Handshake::amnesia).orElse(null);
    }

    /** Returns the refusal of a store that is no member any more. */
    Refused removed(NodeId node, long store) {
        return new Refused(
                Refusal.REMOVED,
                "REMOVED(" + settings.removed().getOrDefault(store, 0L) + "): the store of " + node
                        + " is no member of the cluster any more");
    }

    /** Returns the refusal with which a fenced node answers everybody. */
    static Refused amnesia(String reason) {
        return new Refused(Refusal.AMNESIA_DETECTED, Refusal.AMNESIA_DETECTED + ": " + reason);
    }

    private @Nullable Refused checkProof(Connection c, NodeId peer, boolean proved, boolean proofCame) {
        if (c.evidence(peer) == Evidence.AGAINST) {
            return new Refused(Refusal.UNPROVED, "what says that it is " + peer + " has the certificate of another");
        }
        if (settings.secret() != null && !proved) {
            return new Refused(
                    Refusal.UNPROVED,
                    "what says that it is " + peer
                            + (proofCame
                                    ? " knows another secret than " + settings.self()
                                    : " proves no secret, and " + settings.self() + " has one"));
        }
        return null;
    }

    private @Nullable Refused checkIncarnation(NodeId peer, long incarnation) {
        if (settings.roster().meet(peer, incarnation)) {
            return null;
        }
        Optional<Long> met = settings.roster().met(peer);
        return new Refused(
                Refusal.UNKNOWN_INCARNATION,
                settings.self() + " met " + peer + " as incarnation "
                        + met.map(Long::toHexString).orElse("unknown") + ", this is " + Long.toHexString(incarnation));
    }

    private static String versions(int least, int most) {
        return least == most ? "version " + least : "versions " + least + " to " + most;
    }

    private static String shortened(String clusterId) {
        return clusterId.length() <= 128 ? clusterId : clusterId.substring(0, 128) + "…";
    }
}
