package io.loggos.paxos.core.request;

import io.loggos.api.NodeId;
import java.util.TreeMap;

/**
 * The reads of the log for peers that ask for chosen slots.
 *
 * <p>One read for each peer is under way. Of the questions that a peer asks meanwhile, only the last counts: a peer asks
 * again when its wish has changed, or when it has waited too long.
 */
public final class PeerReads {
    /** The peers with a read under way, each with the slot from which it wants to read next, or 0. */
    private final TreeMap<NodeId, Long> next = new TreeMap<>();

    /** Tells if a read for a peer may begin. If not, the question waits for the end of the read that is under way. */
    public boolean begin(NodeId peer, long fromSlot) {
        return next.put(peer, next.containsKey(peer) ? fromSlot : 0L) == null;
    }

    /** Ends the read from a slot for a peer. Returns the slot from which the peer wants to read next, or 0. */
    public long end(NodeId peer, long fromSlot) {
        Long wanted = next.remove(peer);
        return wanted == null || wanted == fromSlot ? 0 : wanted;
    }
}
