package io.loggos.api;

import org.jspecify.annotations.Nullable;

/**
 * What a replica is doing at one moment.
 *
 * @param name of its log
 * @param leader who leads, as far as this replica knows; null if nobody does
 * @param ballot the highest ballot it has promised
 * @param firstSlot the first slot that its log still holds
 * @param acceptedSlot the highest slot it has accepted a value for
 * @param chosenSlot all slots up to here are known to it as chosen, with their values
 * @param knownChosenSlot all slots up to here are known to it to be chosen somewhere
 * @param appliedSlot all slots up to here are applied to the state machine; the slot of an answer that was just given may
 *     not be among them yet
 * @param checkpointSlot where its last durable checkpoint stands, or 0
 * @param pendingBytes commands proposed here and not yet applied here
 * @param halted why the replica halted, or null
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
        Slot checkpointSlot,
        long pendingBytes,
        @Nullable String halted) {
    /** How many slots are known to be chosen and not applied here. */
    public long lagSlots() {
        return Math.max(0, knownChosenSlot.value() - appliedSlot.value());
    }
}
