package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides when this node becomes a candidate, by its connection to a quorum.
 *
 * <p>The algorithm follows Ng, Haridi and Carbone, <i>Omni-Paxos: Breaking the Barriers of Partial Connectivity</i>,
 * EuroSys 2023, section 5. A node is content while it has contact with a leader that has contact with a quorum.
 *
 * <p>A node that is not content becomes a candidate under two conditions: it has contact with a quorum, and none of its
 * neighbours is content. So a node at the edge of the graph does not depose a leader that serves its neighbours.
 *
 * <p>All this concerns progress only. Ballots and quorums keep the log safe, whichever node becomes a candidate at any
 * time.
 */
final class Election {
    private final NodeId self;
    private final CurrentConfiguration configuration;
    private final Connectivity connectivity;
    private final Limits limits;
    private final RandomGenerator random;

    private final TreeMap<NodeId, PaxosMessage.Status> statuses = new TreeMap<>();
    /** The time at which the status of a peer was forgotten. Before that, every peer is silent from the start. */
    private final TreeMap<NodeId, Long> forgottenAtNanos = new TreeMap<>();

    private long startedAtNanos;
    /** The time of the last call of {@link #evaluate}. */
    private long nowNanos;

    /** The ballot of the leader that this node follows, or zero. */
    private Ballot leader = Ballot.ZERO;
    /** The next node on the way to that leader: this node, the leader itself, or a neighbour. Null if there is none. */
    private @Nullable NodeId route;
    /** The number of links to that leader. */
    private int distance;

    /** The ballot of the leader that was lost last. */
    private Ballot lost = Ballot.ZERO;
    /** The end of the time in which the lost leader may come back before this node becomes a candidate. */
    private long lossUntilNanos;

    private long quorumSinceNanos = Long.MAX_VALUE;
    private long notBeforeNanos;
    private boolean wasContent;

    Election(
            NodeId self,
            CurrentConfiguration configuration,
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

    /** The next node on the way to the leader. Null if there is none. */
    @Nullable
    NodeId route() {
        return route;
    }

    /** The number of links to the leader; 0 if this node leads. */
    int distance() {
        return distance;
    }

    /** True if this node leads, or has contact with a leader that has contact with a quorum. */
    boolean isContent() {
        return !leader.isZero() && distance <= 1;
    }

    void onStatus(NodeId from, PaxosMessage.Status status) {
        statuses.put(from, status);
    }

    /** Begins anew among the members of another configuration. A leader of the last one may soon lead again. */
    void onConfiguration(long now) {
        boolean mayLeadAgain = !leader.isZero() && configuration.bit(NodeId.of(leader.node())) != 0;
        statuses.clear();
        forgottenAtNanos.clear();
        startedAtNanos = now;
        leader = Ballot.ZERO;
        route = null;
        distance = 0;
        wasContent = false;
        lost = Ballot.ZERO;
        quorumSinceNanos = Long.MAX_VALUE;
        notBeforeNanos = now + spread() + (mayLeadAgain ? limits.electionNanos() : 0);
    }

    /** Forgets the status of a peer, because its link began anew. */
    void forget(NodeId peer, long now) {
        statuses.remove(peer);
        forgottenAtNanos.put(peer, now);
    }

    /**
     * Tells if the replica of a connected peer takes part in this log.
     *
     * <p>A replica that has halted, or is not open, sends no status while its node lives on. It neither promises nor
     * accepts. So it is no part of a quorum, or a candidate would take one ballot after the other for nothing. A live
     * replica sends its status first on every new link, and has an election timeout for it.
     */
    private boolean takesPart(NodeId peer) {
        PaxosMessage.Status status = statuses.get(peer);
        if (status != null) {
            return !status.isRetired();
        }
        return nowNanos - forgottenAtNanos.getOrDefault(peer, startedAtNanos) < limits.electionNanos();
    }

    /**
     * Takes a view of the nodes that are up, which may be wrong.
     *
     * <p>If the view lacks the leader that was lost last, the wait for that leader ends early. It ends sooner at senior
     * members, so that not all nodes become candidates at once. A leader that is heard is followed, whatever the view
     * says.
     */
    void onView(List<NodeId> members, long now) {
        int rank = members.indexOf(self);
        if (rank >= 0 && !lost.isZero() && !members.contains(NodeId.of(lost.node()))) {
            lossUntilNanos = Math.min(lossUntilNanos, now + rank * limits.heartbeatNanos());
        }
    }

    /** Gives another node time to lead, after this node promised its ballot. */
    void onPromised(long now) {
        defer(now + limits.electionNanos() + spread());
    }

    /** Reports that this node lost its leadership or candidacy. */
    void onDeposed(long now) {
        defer(now + 2 * limits.electionNanos() + spread());
    }

    private void defer(long untilNanos) {
        notBeforeNanos = Math.max(notBeforeNanos, untilNanos);
    }

    private long spread() {
        return random.nextLong(Math.max(1, limits.electionNanos() / 2));
    }

    /** True if this node has contact with a quorum of replicas that take part, as of the last {@link #evaluate}. */
    boolean quorumConnected() {
        return configuration.isQuorum(contactsOf(self));
    }

    /** The voters without which this node has no quorum, as of the last {@link #evaluate}. Null if it needs none. */
    ReplicaProgress.@Nullable Absent absent() {
        if (!leader.isZero() || quorumConnected()) {
            return null;
        }
        List<NodeId> unconnected = new ArrayList<>();
        List<NodeId> silent = new ArrayList<>();
        for (NodeId voter : configuration.voters()) {
            if (!connectivity.connected(voter)) {
                unconnected.add(voter);
            } else if (!voter.equals(self) && !takesPart(voter)) {
                silent.add(voter);
            }
        }
        return new ReplicaProgress.Absent(unconnected, silent);
    }

    /** Tells if a replica takes part, and has contact with this node and a quorum, as of the last {@link #evaluate}. */
    boolean mayLead(NodeId peer) {
        return connectivity.connected(peer) && takesPart(peer) && configuration.isQuorum(contactsOf(peer));
    }

    private int contactsOf(NodeId node) {
        int contacts = 0;
        for (NodeId other : configuration.voters()) {
            boolean contact = node.equals(self)
                    ? connectivity.connected(other) && (other.equals(self) || takesPart(other))
                    : other.equals(node) || connectivity.connected(node, other);
            contacts += contact ? 1 : 0;
        }
        return contacts;
    }

    /**
     * Finds the leader to follow, from the connectivity graph and the neighbours' statuses.
     *
     * @param promised this node's promise; a leader below it can have no value accepted here
     * @param leading this node's ballot if it leads, else zero
     */
    void evaluate(Ballot promised, Ballot leading, long now) {
        nowNanos = now;
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
     * Follows the neighbour that is nearest to a leader.
     *
     * <p>The distance is bounded. Two neighbours may each believe that the other is nearer to a leader that is gone,
     * and the bound soon ends that.
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
            // A peer that claims to lead without a quorum is not content, whatever its last status says.
            if (status != null
                    && status.isContent()
                    && !status.leader().isOf(self)
                    && (!status.leader().isOf(peer) || configuration.isQuorum(contactsOf(peer)))) {
                return true;
            }
        }
        return false;
    }

    /** Tells if this node should become a candidate now. */
    boolean shouldCampaign(long now) {
        return !isContent()
                && !hasContentNeighbour()
                && quorumSinceNanos != Long.MAX_VALUE
                && now - quorumSinceNanos >= 2 * limits.heartbeatNanos()
                && now >= Math.max(notBeforeNanos, lossUntilNanos);
    }

    /** Begins the first wait of a new life, so that not all nodes of a cluster become candidates at once. */
    void start(long now) {
        startedAtNanos = now;
        defer(now + spread());
    }
}
