package io.loggos.storage.kv.maintenance;

import io.loggos.storage.kv.versions.VersionsSnapshot;
import java.time.Duration;
import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The state that is looked after.
 *
 * @param runner its alarms
 * @param snapshot captures it, on the thread that applies commands
 * @param leases returns the times to live of its leases, on that thread
 * @param purge deletes some rows of compacted versions, on that thread. Returns true if there may be more
 * @param defragment gives free space back to the file system. Any thread but that
 * @param sizeBytes its size on disk. Any thread
 * @param sizeInUseBytes its size without what was deleted. Any thread
 * @param revision its revision. Any thread
 */
public record MaintainedState(
        MaintenanceRunner runner,
        Supplier<VersionsSnapshot> snapshot,
        Supplier<SortedMap<Long, Duration>> leases,
        BooleanSupplier purge,
        Runnable defragment,
        LongSupplier sizeBytes,
        LongSupplier sizeInUseBytes,
        LongSupplier revision) {}
