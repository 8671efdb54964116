package io.loggos.paxos.core.model;

import java.util.OptionalLong;

/**
 * The digests of one replica behind a slot (RULES.md B-8).
 *
 * @param slot the slot
 * @param answers a digest of everything that was applied and answered up to the slot
 * @param state a digest of the state behind the slot, if the state machine offers one
 */
public record DigestMark(long slot, long answers, OptionalLong state) {
    /** True if replicas with these marks of one slot may have the same state. */
    public boolean agrees(DigestMark other) {
        return answers == other.answers && !differsInState(other);
    }

    /** True if both have a digest of the state, and the digests differ. */
    public boolean differsInState(DigestMark other) {
        return state.isPresent() && other.state.isPresent() && state.getAsLong() != other.state.getAsLong();
    }
}
