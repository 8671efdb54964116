package io.loggos.storage.kv.maintenance;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The threads of the upkeep of one store. They start with the first task, and end when there was none for a while. */
final class UpkeepThreads extends ScheduledThreadPoolExecutor {
    private static final int THREADS = 2;
    private static final long IDLE_SECONDS = 5;

    UpkeepThreads(String store) {
        super(THREADS, newFactory(store));
        setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        allowCoreThreadTimeOut(true);
    }

    private static ThreadFactory newFactory(String store) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "loggos-upkeep-" + store + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
