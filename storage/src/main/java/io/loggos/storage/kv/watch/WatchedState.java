package io.loggos.storage.kv.watch;

import io.loggos.storage.kv.versions.VersionsSnapshot;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The state that is watched.
 *
 * @param feed the live stream of its changes
 * @param revision its revision. Any thread
 * @param compacted its compacted revision. Any thread
 * @param snapshot captures it, on the thread that applies commands
 */
public record WatchedState(
        ChangeFeed feed, LongSupplier revision, LongSupplier compacted, Supplier<VersionsSnapshot> snapshot) {}
