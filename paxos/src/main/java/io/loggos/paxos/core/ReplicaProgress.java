package io.loggos.paxos.core;

import io.loggos.api.Ballot;

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
 * @param openSlots the number of slots that it has proposed and that are not chosen yet
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
        int openSlots) {}
