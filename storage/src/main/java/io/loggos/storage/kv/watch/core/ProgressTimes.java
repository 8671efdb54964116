package io.loggos.storage.kv.watch.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The times at which reports of progress are due. */
final class ProgressTimes {
    private final PriorityQueue<Watcher> times = new PriorityQueue<>(
            Comparator.<Watcher>comparingLong(each -> each.progressDueNanos).thenComparingLong(each -> each.id));

    void add(Watcher watcher, long nowNanos) {
        if (watcher.progressNanos > 0) {
            watcher.progressDueNanos = nowNanos + watcher.progressNanos;
            times.add(watcher);
        }
    }

    /** Returns the earliest time, or {@link Long#MAX_VALUE}. */
    long next() {
        Watcher first = times.peek();
        return first == null ? Long.MAX_VALUE : first.progressDueNanos;
    }

    /** Returns the watches that have had no batch for their time. They are due again after that time. */
    List<Watcher> due(long nowNanos) {
        List<Watcher> due = new ArrayList<>();
        while (!times.isEmpty() && times.element().progressDueNanos <= nowNanos) {
            Watcher watcher = times.remove();
            if (watcher.ended) {
                continue;
            }
            boolean silent = watcher.lastBatchNanos + watcher.progressNanos <= nowNanos;
            if (silent) {
                due.add(watcher);
            }
            watcher.progressDueNanos = (silent ? nowNanos : watcher.lastBatchNanos) + watcher.progressNanos;
            times.add(watcher);
        }
        return due;
    }
}
