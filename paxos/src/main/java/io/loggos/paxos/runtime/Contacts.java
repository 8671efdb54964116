package io.loggos.paxos.runtime;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.core.Links;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/** Whom this node is in contact with: the loop says it, any thread may ask. */
final class Contacts {
    private final NodeId self;
    private final List<NodeId> voters;
    /** When each voter was last heard. */
    private final AtomicLongArray heardNanos;
    /** Who this node has contact with: a bit for each voter. */
    private volatile long connected;

    Contacts(NodeId self, List<NodeId> voters) {
        this.self = self;
        this.voters = voters;
        this.heardNanos = new AtomicLongArray(voters.size());
    }

    /** The graph has changed. Of the loop. */
    void connectivity(Connectivity graph) {
        long now = 0;
        for (int i = 0; i < voters.size(); i++) {
            now |= graph.connected(voters.get(i)) ? 1L << i : 0;
        }
        connected = now;
    }

    /** The end of a turn. Of the loop. */
    void heard(Links links, long now) {
        for (int i = 0; i < voters.size(); i++) {
            heardNanos.lazySet(i, voters.get(i).equals(self) ? now : links.heardNanos(voters.get(i)));
        }
    }

    /** Whether this node has contact with another. */
    boolean isConnected(NodeId node) {
        int position = voters.indexOf(node);
        return node.equals(self) || (position >= 0 && (connected & 1L << position) != 0);
    }

    /** When this node last heard the leader of a ballot; if that is itself, when it last heard a quorum. */
    long lastContactNanos(Ballot leader) {
        if (!leader.isOf(self)) {
            int position = leader.isZero() ? -1 : voters.indexOf(NodeId.of(leader.node()));
            return position < 0 ? Long.MIN_VALUE : heardNanos.get(position);
        }
        long[] times = new long[voters.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = heardNanos.get(i);
        }
        Arrays.sort(times);
        // Itself and the latest of the others make a majority.
        return times[(times.length - 1) / 2];
    }
}
