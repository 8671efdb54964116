package io.loggos.benchmarks.commands.soak;

import com.sun.management.GarbageCollectionNotificationInfo;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;
import java.util.stream.Collectors;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/** Heap in use after the last collection, of any kind. Any thread may read it. */
final class HeapAfterCollection {
    private final List<String> heapPools = ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .map(MemoryPoolMXBean::getName)
            .collect(Collectors.toList());

    private volatile long bytes;

    /** Starts to watch. */
    void watch() {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            if (collector instanceof NotificationEmitter emitter) {
                emitter.addNotificationListener(
                        (notification, unused) -> {
                            if (notification.getUserData() instanceof CompositeData data
                                    && notification
                                            .getType()
                                            .equals(
                                                    GarbageCollectionNotificationInfo
                                                            .GARBAGE_COLLECTION_NOTIFICATION)) {
                                collected(GarbageCollectionNotificationInfo.from(data));
                            }
                        },
                        null,
                        null);
            }
        }
    }

    /** Returns the bytes in use; 0 before the first collection. */
    long bytes() {
        return bytes;
    }

    private void collected(GarbageCollectionNotificationInfo info) {
        bytes = info.getGcInfo().getMemoryUsageAfterGc().entrySet().stream()
                .filter(pool -> heapPools.contains(pool.getKey()))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
    }
}
