package io.loggos.multicast.core;

import io.loggos.api.NodeId;
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
                attempt);
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
        return checkIncarnation(hello.from(), hello.incarnation());
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
            settings.roster().rememberedBy(dialled);
        }
        return refused;
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
