package io.loggos.paxos.core.configuration;

import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import java.util.List;

/**
 * The configuration in which a replica stands: the one of the slots behind those that it has learned.
 *
 * <p>All roles of the replica count and send by it. It changes when the replica has learned a stop-sign, never before
 * (RULES.md R-1).
 */
public final class CurrentConfiguration {
    private final NodeId self;
    private final long incarnation;
    private Configuration configuration;
    /** True if every peer of the first configuration has stored this node's incarnation. */
    private boolean formed;

    /**
     * Creates the holder of one replica.
     *
     * @param incarnation the incarnation of this node's store
     */
    public CurrentConfiguration(NodeId self, long incarnation, Configuration configuration) {
        this.self = self;
        this.incarnation = incarnation;
        this.configuration = configuration;
    }

    public NodeId self() {
        return self;
    }

    public Configuration get() {
        return configuration;
    }

    public long number() {
        return configuration.number();
    }

    /** Sets the configuration of a replica that has not begun. */
    public void standIn(Configuration beginning) {
        configuration = beginning;
    }

    /** Begins a later configuration. */
    public void enter(Configuration next) {
        if (next.number() <= configuration.number()) {
            throw new IllegalStateException(next + " does not follow " + configuration);
        }
        configuration = next;
    }

    /** Notes that every peer has stored this node's incarnation. Before that it has no vote in a first configuration. */
    public void form() {
        formed = true;
    }

    /** True if this node is one of the voters. */
    public boolean isVoter() {
        return configuration.isVoter(self, incarnation);
    }

    /** True if this node's store is a voter, and all others know it as that (RULES.md F-18). */
    public boolean mayVote() {
        return isVoter() && isKnown();
    }

    /** True if this node's store is a member, and all others know it as that. */
    public boolean isMember() {
        return configuration.has(self, incarnation) && isKnown();
    }

    private boolean isKnown() {
        return configuration.number() > 1 || (configuration.number() == 1 && formed);
    }

    /** The nodes that vote, by id. */
    public List<NodeId> voters() {
        return configuration.voters();
    }

    /** The nodes of all members, by id. */
    public List<NodeId> nodes() {
        return configuration.nodes();
    }

    /** Returns the bit of a voter in a set of votes, or 0 if the node is no voter. */
    public long bit(NodeId node) {
        return configuration.bit(node);
    }

    /** Tells if a set of votes is a quorum. */
    public boolean isQuorum(long votes) {
        return configuration.isQuorum(votes);
    }

    /** Tells if this number of voters is a quorum. */
    public boolean isQuorum(int count) {
        return configuration.isQuorum(count);
    }

    /** Sends to all other voters. */
    public void sendToVoters(PaxosMessage message, Outbox<PaxosMessage, LogRecord> out) {
        send(configuration.voters(), message, out);
    }

    /** Sends to all other voters once all writes so far are durable. */
    public void sendDurableToVoters(PaxosMessage message, Outbox<PaxosMessage, LogRecord> out) {
        for (NodeId voter : configuration.voters()) {
            if (!voter.equals(self)) {
                out.sendDurable(voter, message);
            }
        }
    }

    /** Sends to all other members, learners included. */
    public void sendToMembers(PaxosMessage message, Outbox<PaxosMessage, LogRecord> out) {
        send(configuration.nodes(), message, out);
    }

    private void send(List<NodeId> nodes, PaxosMessage message, Outbox<PaxosMessage, LogRecord> out) {
        for (NodeId node : nodes) {
            if (!node.equals(self)) {
                out.sendNow(node, message);
            }
        }
    }
}
