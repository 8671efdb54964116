package io.loggos.multicast.core;

import io.loggos.api.NodeId;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.wire.Frame.Heartbeat;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Heartbeat failure detector in the sense of Chandra and Toueg 1996: complete, never accurate.
 *
 * <p>It knows which peers this node hears, and which peers they hear. Any answer may be wrong.
 *
 * <p>A peer is suspected after its timeout without any frame. The timeout is the mean gap between its heartbeats, plus
 * four deviations, plus one heartbeat. It is at least the election timeout and at most twice that.
 *
 * <p>Three heartbeats of silence are enough if a connection to or from the peer broke and dialling it again failed:
 * then two witnesses agree. Suspicion begins in {@link #judge} only; evidence ends it at once.
 *
 * <p>A node that was itself paused has heard nobody, and that says nothing about the others. {@link #pardon} starts all
 * windows anew.
 */
final class FailureDetector implements Connectivity {
    private static final double GAP_WEIGHT = 1.0 / 8;
    private static final int SILENT_HEARTBEATS = 3;

    private static final class Peer {
        /** True if the peer is not suspected. */
        boolean heard;
        /** Time of the last evidence of it, or of the end of this node's own last pause; undefined until heard once. */
        long lastHeardNanos;
        /** Time of the last heartbeat, from which the next gap counts; below zero if there is none to count from. */
        long lastHeartbeatNanos = -1;

        double meanGapNanos;
        double deviationNanos;
        /** True if a connection to or from it broke, and none was opened to it since. */
        boolean broke;
        /** True if dialling it failed after that. */
        boolean redialFailed;
        /** Nodes that it has contact with, by its last heartbeat; none while it is not heard. */
        SortedSet<NodeId> contacts = Collections.emptySortedSet();
        /** True if it hears this node, by its last heartbeat; false while it is not heard. */
        boolean hearsMe;

        boolean contact() {
            return heard && hearsMe;
        }
    }

    private final NodeId self;
    private final long heartbeatNanos;
    private final long floorNanos;
    private final TreeMap<NodeId, Peer> peers = new TreeMap<>();
    private boolean changed;

    FailureDetector(NodeId self, SortedSet<NodeId> peers, TimingOptions timing) {
        this.self = self;
        this.heartbeatNanos = timing.heartbeatInterval().toNanos();
        this.floorNanos = timing.electionTimeout().toNanos();
        peers.forEach(this::add);
    }

    /** Begins to judge a peer, which was not heard yet. */
    void add(NodeId peer) {
        Peer state = new Peer();
        state.meanGapNanos = heartbeatNanos;
        peers.put(peer, state);
        changed = true;
    }

    /** Forgets a node that is no peer any more. */
    void remove(NodeId peer) {
        peers.remove(peer);
        changed = true;
    }

    @Override
    public boolean connected(NodeId peer) {
        if (peer.equals(self)) {
            return true;
        }
        Peer state = peers.get(peer);
        return state != null && state.contact();
    }

    @Override
    public boolean connected(NodeId one, NodeId other) {
        if (one.equals(self)) {
            return connected(other);
        }
        Peer state = peers.get(one);
        return state != null && state.heard && (one.equals(other) || state.contacts.contains(other));
    }

    /** True if a peer is not suspected. */
    boolean hears(NodeId peer) {
        return peer(peer).heard;
    }

    /** Time at which a peer was last heard, in monotonic nanoseconds; {@link Long#MIN_VALUE} if it is suspected. */
    long heardNanos(NodeId peer) {
        Peer state = peer(peer);
        return state.heard ? state.lastHeardNanos : Long.MIN_VALUE;
    }

    /** Notes that a frame of the peer has arrived. */
    void heard(NodeId peer, long now) {
        Peer state = peer(peer);
        state.lastHeardNanos = now;
        if (!state.heard) {
            state.heard = true;
            state.lastHeartbeatNanos = -1;
            changed = true;
        }
    }

    /** Notes that a heartbeat of the peer has arrived. */
    void heartbeat(NodeId peer, Heartbeat heartbeat, long now) {
        heard(peer, now);
        Peer state = peer(peer);
        if (state.lastHeartbeatNanos >= 0) {
            double gap = now - state.lastHeartbeatNanos;
            double error = gap - state.meanGapNanos;
            state.meanGapNanos += GAP_WEIGHT * error;
            state.deviationNanos += GAP_WEIGHT * (Math.abs(error) - state.deviationNanos);
        }
        state.lastHeartbeatNanos = now;
        boolean hearsMe = heartbeat.hears().contains(self);
        if (state.hearsMe != hearsMe || !state.contacts.equals(heartbeat.contacts())) {
            state.hearsMe = hearsMe;
            state.contacts = heartbeat.contacts();
            changed = true;
        }
    }

    /** Notes that a connection to or from the peer has ended, against this node's will. */
    void broke(NodeId peer) {
        peer(peer).broke = true;
    }

    /** Notes that the peer could not be dialled. */
    void redialFailed(NodeId peer) {
        Peer state = peer(peer);
        state.redialFailed |= state.broke;
    }

    /** Notes that a connection to the peer was opened. */
    void reconnected(NodeId peer) {
        Peer state = peer(peer);
        state.broke = false;
        state.redialFailed = false;
    }

    /** Suspects every peer that was silent for too long. */
    void judge(long now) {
        for (Peer state : peers.values()) {
            if (state.heard && now > deadlineNanos(state)) {
                state.heard = false;
                state.hearsMe = false;
                state.contacts = Collections.emptySortedSet();
                changed = true;
            }
        }
    }

    /** Ignores all silence up to now, since this node itself was not running. */
    void pardon(long now) {
        for (Peer state : peers.values()) {
            state.lastHeardNanos = now;
            state.lastHeartbeatNanos = -1;
            state.redialFailed = false;
        }
    }

    /** Time of the next verdict of {@link #judge}, unless somebody is heard first. */
    long nextVerdictNanos() {
        long next = Long.MAX_VALUE;
        for (Peer state : peers.values()) {
            if (state.heard) {
                next = Math.min(next, deadlineNanos(state) + 1);
            }
        }
        return next;
    }

    /** Longest silence allowed to a peer. */
    long timeoutNanos(NodeId peer) {
        return timeoutNanos(peer(peer));
    }

    /**
     * Returns the heartbeat that this node sends to the others.
     *
     * @param syncedWrites as in {@link Heartbeat}
     */
    Heartbeat heartbeat(long syncedWrites) {
        SortedSet<NodeId> hears = new TreeSet<>();
        SortedSet<NodeId> contacts = new TreeSet<>();
        for (Map.Entry<NodeId, Peer> entry : peers.entrySet()) {
            if (entry.getValue().heard) {
                hears.add(entry.getKey());
            }
            if (entry.getValue().contact()) {
                contacts.add(entry.getKey());
            }
        }
        return new Heartbeat(hears, contacts, syncedWrites);
    }

    /** True if an answer of {@link Connectivity} may have changed since the last call. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    private long deadlineNanos(Peer state) {
        long timeout = timeoutNanos(state);
        if (state.redialFailed) {
            timeout = Math.min(timeout, SILENT_HEARTBEATS * heartbeatNanos);
        }
        return state.lastHeardNanos + timeout;
    }

    private long timeoutNanos(Peer state) {
        double adapted = state.meanGapNanos + 4 * state.deviationNanos + heartbeatNanos;
        return Math.max(floorNanos, Math.min(2 * floorNanos, (long) adapted));
    }

    private Peer peer(NodeId peer) {
        Peer state = peers.get(peer);
        if (state == null) {
            throw new IllegalArgumentException(peer + " is not a peer of " + self);
        }
        return state;
    }
}
