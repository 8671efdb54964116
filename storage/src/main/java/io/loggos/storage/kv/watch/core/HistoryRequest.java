package io.loggos.storage.kv.watch.core;

import io.loggos.api.Bytes;
import java.util.List;

/** A request for some of the history from a revision on, for one or more watches. */
public final class HistoryRequest {
    private final long from;
    private final List<Watcher> watchers;
    private final RangeIndex<Watcher> index = new RangeIndex<>();

    HistoryRequest(long from, List<Watcher> watchers) {
        this.from = from;
        this.watchers = List.copyOf(watchers);
        watchers.forEach(watcher -> index.add(watcher.keys, watcher));
    }

    /** Returns the first revision. */
    public long from() {
        return from;
    }

    /** Tells if the changes of a key are wanted. Any thread that the request was handed to. */
    public boolean wants(Bytes key) {
        return index.contains(key);
    }

    /** True if the versions before the changes are wanted. */
    public boolean previous() {
        return watchers.stream().anyMatch(watcher -> watcher.previous);
    }

    List<Watcher> watchers() {
        return watchers;
    }

    RangeIndex<Watcher> index() {
        return index;
    }
}
