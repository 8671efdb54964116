package io.loggos.paxos.core;

import io.loggos.api.Ballot;

/**
 * Where a replica stands.
 *
 * @param leader the ballot of the leader that it follows or is, or zero
 */
public record Standing(
        Proposer.Phase phase,
        Ballot promised,
        Ballot leader,
        long firstSlot,
        long acceptedSlot,
        long chosenSlot,
        long knownChosenSlot,
        long appliedSlot,
        int openSlots) {}
