package io.loggos.multicast.core;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Roster;
import io.loggos.api.spi.WriteMark;
import io.loggos.multicast.wire.Frame.Hello;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.Frame.Welcome;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.multicast.wire.Refusal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks that the two ends of a connection make of each other, and their errors. */
final class Handshake {
    private final LinkSettings settings;

    Handshake(LinkSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns the Hello for a peer.
     *
     * @param attempt the number of this connection to the peer, from 1
     */
    Hello hello(NodeId peer, long attempt) {
        return new Hello(
                FrameCodec.LEAST_VERSION,
                FrameCodec.MOST_VERSION,
                settings.clusterId(),
                settings.self(),
                peer,
                settings.roster().incarnation(),
                settings.life(),
                attempt,
                settings.roster().markOf(peer));
    }

    /** Returns the refusal of a Hello, or null. A peer that is not refused is remembered durably. */
    @Nullable
    Refused check(Hello hello) {
        NodeId self = settings.self();
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
        if (!settings.peers().contains(hello.from())) {
            return new Refused(
                    Refusal.UNKNOWN_PEER,
                    hello.from() + " is not a peer of " + self + ", the peers are " + settings.peers());
        }
        Refused refused = checkIncarnation(hello.from(), hello.incarnation());
        return refused == null ? checkMemory(hello.from(), hello.told()) : refused;
    }

    /**
     * Returns the refusal of a Welcome, or null.
     *
     * <p>Without a refusal, the peer is remembered durably, and is known to remember this node.
     */
    @Nullable
    Refused check(NodeId dialled, Welcome welcome) {
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

    /** Returns the refusal with which a fenced node answers everybody. */
    static Refused amnesia(String reason) {
        return new Refused(Refusal.AMNESIA_DETECTED, Refusal.AMNESIA_DETECTED + ": " + reason);
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
