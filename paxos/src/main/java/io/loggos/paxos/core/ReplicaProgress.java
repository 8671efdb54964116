package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The present progress of a replica.
 *
 * @param phase the phase of its proposer
 * @param promised its promise
 * @param leader the ballot of the leader that it follows or is, or zero
 * @param firstSlot the first slot that its log still holds
 * @param acceptedSlot the highest slot for which it has accepted a value
 * @param chosenSlot the last slot up to which it has learned all slots
 * @param knownChosenSlot the last slot up to which it knows all slots to be chosen
 * @param appliedSlot the last slot up to which it has applied all slots
 * @param agreedSlot the last slot at which its digests were those of a quorum, or 0
 * @param feedBytes the size of the batches that its state machine was given and has not applied
 * @param openSlots the number of slots that it has proposed and that are not chosen yet
 * @param leaseEndNanos the end of its lease by its own monotonic clock; {@link Long#MIN_VALUE} if it has none
 * @param missing the chosen slot that it asks its peers for, or null
 * @param absent the voters without which it has no leader, or null if it has one or may become one
 */
public record ReplicaProgress(
        Proposer.Phase phase,
        Ballot promised,
        Ballot leader,
        long firstSlot,
        long acceptedSlot,
        long chosenSlot,
        long knownChosenSlot,
        long appliedSlot,
        long agreedSlot,
        long feedBytes,
        int openSlots,
        long leaseEndNanos,
        @Nullable Missing missing,
        @Nullable Absent absent) {
    /** The progress before the first turn. */
    public static final ReplicaProgress NONE = new ReplicaProgress(
            Proposer.Phase.IDLE, Ballot.ZERO, Ballot.ZERO, 0, 0, 0, 0, 0, 0, 0, 0, Long.MIN_VALUE, null, null);

    /** The leader that it follows or is; null if it knows none. */
    public @Nullable NodeId leaderNode() {
        return leader.isZero() ? null : NodeId.of(leader.node());
    }

    /** True if it leads with a lease at a time of its own monotonic clock. */
    public boolean isLeasedAt(long nanos) {
        return nanos < leaseEndNanos;
    }

    /**
     * A chosen slot that a replica lacks.
     *
     * @param askedPeer the peer that it asks, or null if none is connected
     * @param damaged true if the replica has learned the slot before, and its record is damaged or truncated
     */
    public record Missing(long slot, @Nullable NodeId askedPeer, boolean damaged) {
        @Override
        public String toString() {
            return "slot " + slot
                    + (damaged ? ", whose record is damaged or missing here, from " : " from ")
                    + (askedPeer == null ? "a node that has it; none is connected" : "node " + askedPeer.value());
        }
    }

    /**
     * The voters that a replica without a quorum lacks.
     *
     * @param unconnected the nodes without contact
     * @param silent the nodes with contact whose replicas have halted, or are not open
     */
    public record Absent(List<NodeId> unconnected, List<NodeId> silent) {
        public Absent {
            unconnected = List.copyOf(unconnected);
            silent = List.copyOf(silent);
        }

        @Override
        public String toString() {
            return "a quorum: no contact with " + unconnected + "; halted or not open at " + silent;
        }
    }

    /** The thing that it waits for, for people. Null if that is nothing. */
    public @Nullable String waitsFor() {
        if (missing != null) {
            return missing.toString();
        }
        return absent == null ? null : absent.toString();
    }
}
