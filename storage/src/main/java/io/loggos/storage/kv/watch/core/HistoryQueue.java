package io.loggos.storage.kv.watch.core;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Watches that need history from the store. The first one names the place, and those at or behind it read along. */
final class HistoryQueue {
    private final ArrayDeque<Watcher> waiting = new ArrayDeque<>();
    private final int watchersPerRead;
    private @Nullable HistoryRequest reading;
    /** True if the next request is for one watch alone. */
    private boolean alone;

    HistoryQueue(int watchersPerRead) {
        this.watchersPerRead = watchersPerRead;
    }

    /** True if a request was not answered. */
    boolean isReading() {
        return reading != null;
    }

    void add(Watcher watcher) {
        watcher.queued = true;
        waiting.add(watcher);
    }

    /** Returns the next request, or null if there is none or the last one was not answered. */
    @Nullable
    HistoryRequest next() {
        if (reading != null) {
            return null;
        }
        waiting.removeIf(watcher -> watcher.ended);
        Watcher first = waiting.peek();
        if (first == null) {
            return null;
        }
        List<Watcher> chosen = new ArrayList<>();
        int most = alone ? 1 : watchersPerRead;
        for (Iterator<Watcher> each = waiting.iterator(); each.hasNext() && chosen.size() < most; ) {
            Watcher watcher = each.next();
            if (watcher.next >= first.next) {
                chosen.add(watcher);
                each.remove();
            }
        }
        alone = false;
        reading = new HistoryRequest(first.next, chosen);
        return reading;
    }

    /** Takes the answer to a request. Returns those of its watches that have not ended. */
    List<Watcher> answered(HistoryRequest request) {
        reading = null;
        List<Watcher> present = new ArrayList<>();
        for (Watcher watcher : request.watchers()) {
            watcher.queued = false;
            if (!watcher.ended) {
                present.add(watcher);
            }
        }
        return present;
    }

    /** The next request is for one watch alone. */
    void nextAlone() {
        alone = true;
    }
}
