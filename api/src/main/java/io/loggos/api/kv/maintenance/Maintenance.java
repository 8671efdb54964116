package io.loggos.api.kv.maintenance;

import io.loggos.api.replica.Result;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The upkeep of a store.
 *
 * <p>Futures fail as those of {@link io.loggos.api.kv.KeyValueStore} do. Safe for use by any thread.
 */
public interface Maintenance {
    /** The alarms that this node's copy knows of, in ascending order. */
    List<Alarm> alarms();

    /** Reads the alarms, with a linearizable read. */
    CompletableFuture<List<Alarm>> currentAlarms();

    /** Raises an alarm at all nodes. Completes with true if it was not raised before. */
    CompletableFuture<Boolean> raise(Alarm alarm);

    /** Disarms an alarm at all nodes. Completes with true if it was raised. */
    CompletableFuture<Boolean> disarm(Alarm alarm);

    /**
     * Computes a hash of this node's copy, from what is on its disk. It runs beside the commands.
     *
     * @param revision the revision of the hash, above the compacted one; 0 for that of the copy
     */
    CompletableFuture<StoreHash> hash(long revision);

    /**
     * Begins a comparison of all copies. Each node computes the hash of its copy as of the same place of the log. If two
     * differ, {@link Alarm.Kind#CORRUPT} is raised. Completes when the comparison has begun.
     */
    CompletableFuture<Void> compareCopies();

    /** Deletes everything from this node's copy that was compacted. Without a call that happens little by little. */
    CompletableFuture<Void> purge();

    /** Gives the space of everything that was deleted from this node's copy back to the file system. */
    CompletableFuture<Void> defragment();

    /** The approximate size of this node's copy without what was deleted, in bytes. */
    long sizeInUseBytes();

    /** Captures this node's copy for a backup. The caller closes it. */
    CompletableFuture<Result<StoreContents>> contents();
}
