package io.loggos.api.snapshot;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One replica at the cut of its node. The state of its state machine lies on disk, beside this.
 *
 * @param log its name
 * @param slot the state is the one after this slot
 * @param ballot the highest that it had promised
 * @param firstSlot the first slot that its log still held
 * @param acceptedSlot the highest slot that it had accepted a value for
 * @param chosenSlot all slots up to here were known to it as chosen
 * @param history for the last slots up to {@code slot}, a digest of everything applied and answered up to there: equal
 *     at all replicas that have applied that slot, or they have diverged
 * @param stateHash names the files of the state
 * @param stateBytes their size
 */
public record ReplicaCut(
        String log,
        Slot slot,
        Ballot ballot,
        Slot firstSlot,
        Slot acceptedSlot,
        Slot chosenSlot,
        SortedMap<Slot, Long> history,
        Bytes stateHash,
        long stateBytes) {
    public ReplicaCut {
        history = Collections.unmodifiableSortedMap(new TreeMap<>(history));
    }
}
