package io.loggos.api.replica;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import org.jspecify.annotations.Nullable;

/**
 * The status of a replica at one moment.
 *
 * @param name the name of its log
 * @param role the present role
 * @param leader the leader that this replica knows of; null if it knows none
 * @param ballot the highest ballot that it has promised
 * @param firstSlot the first slot that its log still holds
 * @param acceptedSlot the highest slot for which it has accepted a value
 * @param chosenSlot the last slot up to which it knows all slots to be chosen, and has their values
 * @param knownChosenSlot the last slot up to which it knows all slots to be chosen, perhaps without their values
 * @param appliedSlot the last slot up to which it has applied all slots. It may be lower than the slot of an answer
 *     that was given just now
 * @param agreedSlot the last slot at which its digests of answers and state were those of a quorum, or 0
 * @param checkpointSlot the slot of its last durable checkpoint, or 0
 * @param pendingBytes the memory of the commands and reads of callers on this node that are not answered yet
 * @param halted the reason why the replica halted, or null
 * @param waitsFor the thing that a replica that is behind waits for: a slot and the node that is asked for it, or a
 *     checkpoint, with the last failure; or null
 */
public record ReplicaStatus(
        String name,
        Role role,
        @Nullable NodeId leader,
        Ballot ballot,
        Slot firstSlot,
        Slot acceptedSlot,
        Slot chosenSlot,
        Slot knownChosenSlot,
        Slot appliedSlot,
        Slot agreedSlot,
        Slot checkpointSlot,
        long pendingBytes,
        @Nullable String halted,
        @Nullable String waitsFor) {
    /** The number of slots that are known to be chosen and are not applied here. */
    public long lagSlots() {
        return Math.max(0, knownChosenSlot.value() - appliedSlot.value());
    }
}
