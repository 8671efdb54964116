package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.multicast.Connectivity;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when this node should stand, by connection to a quorum (Ng, Haridi, Carbone, <i>Omni-Paxos: Breaking
 * the Barriers of Partial Connectivity</i>, EuroSys 2023, section 5). A node is content while it has contact
 * with a leader that has contact with a quorum. One that is not content stands if it has contact with a
 * quorum itself and no neighbour of it is content, so that a node at the edge of the graph does not depose a
 * leader that its neighbours are served by. All of this is a matter of progress only: ballots and quorums keep
 * the log safe whoever stands when.
 */
final class Election {
    private final NodeId self;
    private final Configuration configuration;
    private final Connectivity connectivity;
    private final Limits limits;
    private final RandomGenerator random;

    private final TreeMap<NodeId, PaxosMessage.Status> statuses = new TreeMap<>();

    /** The ballot of the leader that this node follows, or zero. */
    private Ballot leader = Ballot.ZERO;
    /** Who that leader is reached through: this node, the leader itself, or a neighbour; null if nobody. */
    private @Nullable NodeId route;
    /** How many links away that leader is. */
    private int distance;

    /** The leader that was lost last. */
    private Ballot lost = Ballot.ZERO;
    /** Until when it may come back before this node stands. */
    private long lossUntilNanos;

    private long quorumSinceNanos = Long.MAX_VALUE;
    private long notBeforeNanos;
    private boolean wasContent;

    Election(
            NodeId self,
            Configuration configuration,
            Connectivity connectivity,
            Limits limits,
            RandomGenerator random) {
        this.self = self;
        this.configuration = configuration;
        this.connectivity = connectivity;
        this.limits = limits;
        this.random = random;
    }

    /** The ballot of the leader that this node follows, near or far; its own while it leads; else zero. */
    Ballot leader() {
        return leader;
    }

    /** The next node on the way to the leader; null if there is none. */
    @Nullable
    NodeId route() {
        return route;
    }

    /** How many links away the leader is; 0 if this node leads. */
    int distance() {
        return distance;
    }

    /** Whether this node leads, or has contact with a leader that has contact with a quorum. */
    boolean isContent() {
        return !leader.isZero() && distance <= 1;
    }

    void onStatus(NodeId from, PaxosMessage.Status status) {
        statuses.put(from, status);
    }

    /** What a peer said may no longer be so: its link began anew. */
    void forget(NodeId peer) {
        statuses.remove(peer);
    }

    /**
     * A view of the nodes that are up, right or wrong. If it is without the leader that was lost, the wait for that one ends
     * early, the sooner the more senior this node is, so that not all stand at once. A leader that is heard is followed,
     * whatever the view says.
     */
    void onView(List<NodeId> members, long now) {
        int rank = members.indexOf(self);
        if (rank >= 0 && !lost.isZero() && !members.contains(NodeId.of(lost.node()))) {
            lossUntilNanos = Math.min(lossUntilNanos, now + rank * limits.heartbeatNanos());
        }
    }

    /** A promise was given to somebody else's ballot: gives it time to lead. */
    void onPromised(long now) {
        defer(now + limits.electionNanos() + spread());
    }

    /** Leadership or candidacy was lost. */
    void onDeposed(long now) {
        defer(now + 2 * limits.electionNanos() + spread());
    }

    private void defer(long untilNanos) {
        notBeforeNanos = Math.max(notBeforeNanos, untilNanos);
    }

    private long spread() {
        return random.nextLong(Math.max(1, limits.electionNanos() / 2));
    }

    /** Whether this node has contact with a quorum. */
    boolean quorumConnected() {
        return configuration.isQuorum(contactsOf(self));
    }

    private int contactsOf(NodeId node) {
        int contacts = 0;
        for (NodeId other : configuration.voters()) {
            boolean contact = node.equals(self)
                    ? connectivity.connected(other)
                    : other.equals(node) || connectivity.connected(node, other);
            contacts += contact ? 1 : 0;
        }
        return contacts;
    }

    /**
     * Looks at the graph and at what the neighbours say.
     *
     * @param promised this node's promise: a leader below it can have nothing accepted here
     * @param leading this node's own ballot if it leads, else zero
     */
    void evaluate(Ballot promised, Ballot leading, long now) {
        boolean quorum = quorumConnected();
        quorumSinceNanos = quorum ? Math.min(quorumSinceNanos, now) : Long.MAX_VALUE;
        Ballot before = leader;
        leader = Ballot.ZERO;
        route = null;
        distance = 0;
        if (!leading.isZero()) {
            if (quorum) {
                follow(leading, self, 0);
            }
        } else {
            findLeader(promised);
            if (leader.isZero()) {
                findWayToLeader();
            }
        }
        if (wasContent && !isContent()) {
            lost = before;
            lossUntilNanos = now + spread();
        }
        wasContent = isContent();
    }

    private void findLeader(Ballot promised) {
        for (NodeId peer : configuration.voters()) {
            PaxosMessage.Status status = statusOfContact(peer);
            if (status != null
                    && status.leader().isOf(peer)
                    && status.leader().isAbove(leader)
                    && !status.leader().isBelow(promised)
                    && configuration.isQuorum(contactsOf(peer))) {
                follow(status.leader(), peer, 1);
            }
        }
    }

    /**
     * The neighbour that is nearest to a leader. The distance is bounded, so that two neighbours that each
     * believe the other to be nearer to a leader that is gone soon find out.
     */
    private void findWayToLeader() {
        for (NodeId peer : configuration.voters()) {
            PaxosMessage.Status status = statusOfContact(peer);
            if (status != null
                    && !status.leader().isZero()
                    && !status.leader().isOf(self)
                    && !status.leader().isOf(peer)
                    && status.distance() >= 1
                    && status.distance() < configuration.voters().size()
                    && (route == null || status.distance() + 1 < distance)) {
                follow(status.leader(), peer, status.distance() + 1);
            }
        }
    }

    private PaxosMessage.@Nullable Status statusOfContact(NodeId peer) {
        return peer.equals(self) || !connectivity.connected(peer) ? null : statuses.get(peer);
    }

    private void follow(Ballot ballot, NodeId through, int links) {
        leader = ballot;
        route = through;
        distance = links;
    }

    private boolean hasContentNeighbour() {
        for (NodeId peer : configuration.voters()) {
            PaxosMessage.Status status = statusOfContact(peer);
            // One that claims to lead but has no quorum is not content, whatever it last said.
            if (status != null
                    && status.isContent()
                    && !status.leader().isOf(self)
                    && (!status.leader().isOf(peer) || configuration.isQuorum(contactsOf(peer)))) {
                return true;
            }
        }
        return false;
    }

    /** Whether this node should stand now. */
    boolean shouldStand(long now) {
        return !isContent()
                && !hasContentNeighbour()
                && quorumSinceNanos != Long.MAX_VALUE
                && now - quorumSinceNanos >= 2 * limits.heartbeatNanos()
                && now >= Math.max(notBeforeNanos, lossUntilNanos);
    }

    /** The first wait of a new life, so that not all nodes of a cluster stand at once. */
    void start(long now) {
        defer(now + spread());
    }
}
