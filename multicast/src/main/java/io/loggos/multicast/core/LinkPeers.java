package io.loggos.multicast.core;

import io.loggos.api.NodeId;
import io.loggos.api.spi.Transport;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/** The peers of a node, which change with the members of the cluster. */
final class LinkPeers {
    private final LinkSettings settings;
    private final Links.Listener listener;
    private final Handshake handshake;
    private final FailureDetector detector;
    final TreeMap<NodeId, Peer> all = new TreeMap<>();
    /** The same peers, for any thread. */
    private volatile List<Peer> present;

    LinkPeers(LinkSettings settings, Links.Listener listener, Handshake handshake, FailureDetector detector) {
        this.settings = settings;
        this.listener = listener;
        this.handshake = handshake;
        this.detector = detector;
        for (NodeId peer : settings.peers()) {
            all.put(peer, new Peer(peer, settings, listener));
        }
        present = List.copyOf(all.values());
    }

    /**
     * Replaces the peers. Those that are no peers any more are told that they are removed, and are refused.
     *
     * @param removed the stores that are no members any more, with the number of the configuration that lacks them
     * @param dials true if new peers are dialled at once
     */
    void change(SortedSet<NodeId> peers, SortedMap<Long, Long> removed, boolean dials, long now) {
        settings.removed().clear();
        settings.removed().putAll(removed);
        for (NodeId id : List.copyOf(settings.peers())) {
            if (!peers.contains(id)) {
                remove(id, now);
            }
        }
        for (NodeId id : peers) {
            if (settings.peers().add(id)) {
                Peer peer = new Peer(id, settings, listener);
                all.put(id, peer);
                detector.add(id);
                if (dials) {
                    peer.dialler.start(now);
                }
            }
        }
        present = List.copyOf(all.values());
    }

    private void remove(NodeId id, long now) {
        long store = settings.roster().met(id).orElse(0L);
        settings.peers().remove(id);
        Peer peer = all.remove(id);
        if (peer != null) {
            peer.refuse(handshake.removed(id, store), detector, now);
        }
        detector.remove(id);
    }

    /** Sends queued messages and due acknowledgements: one frame for each peer, if the limits permit. */
    void flush() {
        for (Peer peer : all.values()) {
            Transport.Connection c = peer.dialler.established();
            if (c != null) {
                peer.outgoing.flush(c);
            }
            peer.incoming.flush();
        }
    }

    /** Time at which a peer next has work. */
    long nextTickNanos() {
        long next = Long.MAX_VALUE;
        for (Peer peer : all.values()) {
            next = Math.min(next, peer.dialler.nextTickNanos(peer.outgoing.inFlightBytes()));
            next = Math.min(next, peer.incoming.nextTickNanos());
        }
        return next;
    }

    /** Bytes of messages that are kept for peers, on their way or not sent yet. Any thread. */
    long bufferedBytes() {
        return present.stream().mapToLong(peer -> peer.outgoing.bufferedBytes()).sum();
    }
}
