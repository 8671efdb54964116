package io.loggos.api.snapshot.cut;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.Slot;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One replica, at the cut of its node. The state of its state machine lies on disk beside this record.
 *
 * @param log the name of the log
 * @param slot the last slot that was applied to the state
 * @param ballot the highest ballot that the replica had promised
 * @param firstSlot the first slot that its log still held
 * @param acceptedSlot the highest slot for which it had accepted a value
 * @param chosenSlot the last slot up to which it knew all slots to be chosen
 * @param history for each of the last slots up to {@code slot}, a digest of everything applied and answered up to
 *     there. Replicas that have applied a slot have equal digests for it, or their states have diverged
 * @param stateHash the hash that names the files of the state
 * @param stateBytes the size of the files in bytes
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
