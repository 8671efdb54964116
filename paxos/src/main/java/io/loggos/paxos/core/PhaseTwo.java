package io.loggos.paxos.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Limits;
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

    private final CurrentConfiguration configuration;
    private final ArrayDeque<Proposal> proposals = new ArrayDeque<>();

    /** The size of the open proposals. */
    private long bytes;
    /** The number of this ballot's proposals that are not yet on this node's disk. */
    private int unwritten;
    /** The last slot of this ballot that is on this node's disk, or the last one chosen before. */
    private long writtenSlot;
    /** A chosen slot that this node's disk lacks since {@link #lateSinceNanos}, or 0. */
    private long lateSlot;

    private long lateSinceNanos;

    PhaseTwo(CurrentConfiguration configuration) {
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
        begin(0);
    }

    /** Begins a ballot without proposals, behind the slots that are chosen. */
    void begin(long chosenThrough) {
        proposals.clear();
        bytes = 0;
        unwritten = 0;
        writtenSlot = chosenThrough;
        lateSlot = 0;
    }

    /** The number of slots that are proposed and not on this node's disk. They may be chosen nevertheless. */
    int unwritten() {
        return unwritten;
    }

    /** Notes that a proposal is on this node's disk. */
    void written(long slot) {
        unwritten--;
        writtenSlot = Math.max(writtenSlot, slot);
    }

    /** Tells if this node's disk has lacked a chosen slot for longer than this. A slot counts once it is seen here. */
    boolean isLate(long chosenThrough, long now, long mostNanos) {
        if (lateSlot <= writtenSlot || unwritten == 0) {
            lateSlot = unwritten > 0 && chosenThrough > writtenSlot ? chosenThrough : 0;
            lateSinceNanos = now;
        }
        return lateSlot != 0 && now - lateSinceNanos > mostNanos;
    }

    /** True if a further slot may be opened, as far as this node's disk and the size of the open ones go. */
    boolean hasRoom(Limits limits) {
        return unwritten < limits.windowSlots() && (isEmpty() || bytes <= limits.windowBytes());
    }

    /** Adds the proposal for the next slot. */
    void add(long slot, Bytes value) {
        proposals.add(new Proposal(slot, value));
        bytes += value.size();
        unwritten++;
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
            chosen = removeFirst().slot;
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
            Proposal proposal = removeFirst();
            LogEntry learned = learner.cached(proposal.slot);
            if (learned == null || !learned.value().equals(proposal.value)) {
                return false;
            }
        }
        return true;
    }

    private Proposal removeFirst() {
        Proposal proposal = proposals.removeFirst();
        bytes -= proposal.value.size();
        return proposal;
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
