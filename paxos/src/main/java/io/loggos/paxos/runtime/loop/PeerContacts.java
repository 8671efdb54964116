package io.loggos.paxos.runtime.loop;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.core.Links;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLongArray;

/** The nodes with which this node has contact. The loop updates it; any thread may read it. */
public final class PeerContacts {
    /**
     * The contacts with the members of one configuration.
     *
     * @param heardNanos the time at which each was last heard
     */
    private record Table(List<NodeId> nodes, AtomicLongArray heardNanos) {
        static Table of(Collection<NodeId> nodes) {
            return new Table(List.copyOf(nodes), new AtomicLongArray(nodes.size()));
        }
    }

    private final NodeId self;
    private volatile Table table;
    /** The nodes with contact: one bit for each place in the table. */
    private volatile long connected;

    private volatile SortedMap<NodeId, String> refusals = Collections.emptySortedMap();

    public PeerContacts(NodeId self, Collection<NodeId> nodes) {
        this.self = self;
        this.table = Table.of(nodes);
    }

    /** Takes other members. Called by the loop, which tells their contacts next. */
    public void members(Collection<NodeId> nodes) {
        connected = 0;
        table = Table.of(nodes);
    }

    /** Takes the new connectivity graph. Called by the loop. */
    void connectivity(Connectivity graph) {
        List<NodeId> voters = table.nodes();
        long now = 0;
        for (int i = 0; i < voters.size(); i++) {
            now |= graph.connected(voters.get(i)) ? 1L << i : 0;
        }
        connected = now;
    }

    /** Takes the refusals of peers, and those by them. Called by the loop. */
    void refusals(Links links) {
        SortedMap<NodeId, String> now = new TreeMap<>();
        for (NodeId voter : table.nodes()) {
            String refusal = voter.equals(self) ? null : links.status(voter).refusal();
            if (refusal != null) {
                now.put(voter, refusal);
            }
        }
        refusals = Collections.unmodifiableSortedMap(now);
    }

    /** The nodes that this node refuses or that refuse it, with the last reason. */
    public SortedMap<NodeId, String> refusals() {
        return refusals;
    }

    /** Takes the times of the last messages, at the end of a turn. Called by the loop. */
    void heard(Links links, long now) {
        List<NodeId> voters = table.nodes();
        AtomicLongArray heardNanos = table.heardNanos();
        for (int i = 0; i < voters.size(); i++) {
            heardNanos.lazySet(i, voters.get(i).equals(self) ? now : links.heardNanos(voters.get(i)));
        }
    }

    /** The nodes with which this node has contact, itself included. */
    public SortedSet<NodeId> connected() {
        TreeSet<NodeId> all = new TreeSet<>(table.nodes());
        all.removeIf(node -> !isConnected(node));
        return all;
    }

    /** Tells if this node has contact with another. */
    public boolean isConnected(NodeId node) {
        int position = table.nodes().indexOf(node);
        return node.equals(self) || (position >= 0 && (connected & 1L << position) != 0);
    }

    /**
     * Returns the time at which this node last heard the leader of a ballot.
     *
     * <p>If this node leads, it returns the time at which it last heard a quorum.
     */
    public long lastContactNanos(Ballot leader) {
        List<NodeId> voters = table.nodes();
        AtomicLongArray heardNanos = table.heardNanos();
        if (!leader.isOf(self)) {
            int position = leader.isZero() ? -1 : voters.indexOf(NodeId.of(leader.node()));
            return position < 0 ? Long.MIN_VALUE : heardNanos.get(position);
        }
        long[] times = new long[voters.size()];
        for (int i = 0; i < times.length; i++) {
            times[i] = heardNanos.get(i);
        }
        Arrays.sort(times);
        // This node and the others that were heard last make a majority.
        return times[(times.length - 1) / 2];
    }
}
