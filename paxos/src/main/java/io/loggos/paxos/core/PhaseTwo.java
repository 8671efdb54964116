package io.loggos.paxos.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.paxos.core.model.Configuration;
import java.util.ArrayDeque;

/** The open proposals of one ballot in phase 2, in slot order and without a gap, with the votes for each. */
final class PhaseTwo {
    private static final class Proposal {
        final long slot;
        final Bytes value;
        long votes;

        Proposal(long slot, Bytes value) {
            this.slot = slot;
            this.value = value;
        }
    }

    /** Receives the proposals one by one. */
    @FunctionalInterface
    interface Visitor {
        void proposal(long slot, Bytes value);
    }

    private final Configuration configuration;
    private final ArrayDeque<Proposal> proposals = new ArrayDeque<>();

    PhaseTwo(Configuration configuration) {
        this.configuration = configuration;
    }

    boolean isEmpty() {
        return proposals.isEmpty();
    }

    /** The number of slots that are proposed and not chosen yet. */
    int size() {
        return proposals.size();
    }

    void clear() {
        proposals.clear();
    }

    /** Adds the proposal for the next slot. */
    void add(long slot, Bytes value) {
        proposals.add(new Proposal(slot, value));
    }

    /** Phase 2b: counts the vote of an acceptor. */
    void vote(NodeId from, long slot) {
        for (Proposal proposal : proposals) {
            if (proposal.slot == slot) {
                proposal.votes |= configuration.bit(from);
                break;
            }
        }
    }

    /**
     * Removes the proposals that a quorum has accepted, in slot order, up to the first that lacks a quorum.
     *
     * @param before the last slot that was chosen before
     * @return the last slot that is chosen
     */
    long removeChosen(long before) {
        long chosen = before;
        while (!proposals.isEmpty() && configuration.isQuorum(proposals.getFirst().votes)) {
            chosen = proposals.removeFirst().slot;
        }
        return chosen;
    }

    /**
     * Removes the proposals up to a slot, because the learner has learned these slots from another node.
     *
     * @return false if one of the proposals has another value than its slot
     */
    boolean removeLearned(long through, Learner learner) {
        while (!proposals.isEmpty() && proposals.getFirst().slot <= through) {
            Proposal proposal = proposals.removeFirst();
            LogEntry learned = learner.cached(proposal.slot);
            if (learned == null || !learned.value().equals(proposal.value)) {
                return false;
            }
        }
        return true;
    }

    /** True if the last proposal lacks the vote of a node and is still open. */
    boolean lastLacksVoteOf(NodeId node) {
        return !proposals.isEmpty() && lacksVoteOf(node, proposals.getLast());
    }

    /** Passes the proposals without a vote of a peer to the visitor, in slot order. */
    void forEachWithoutVoteOf(NodeId peer, Visitor visitor) {
        for (Proposal proposal : proposals) {
            if (lacksVoteOf(peer, proposal)) {
                visitor.proposal(proposal.slot, proposal.value);
            }
        }
    }

    private boolean lacksVoteOf(NodeId node, Proposal proposal) {
        return (proposal.votes & configuration.bit(node)) == 0;
    }
}
