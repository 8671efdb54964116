package io.loggos.storage.kv.watch.core;

import io.loggos.api.LoggosException;
import io.loggos.api.kv.WatchEvents;

/** The effects of {@link Watchers}. */
public interface WatchEffects {
    /** Passes a batch on to a watch that was ready. It gets no other before it is ready again. */
    void deliver(long id, WatchEvents batch);

    /** Ends a watch. */
    void end(long id, LoggosException cause);

    /** Reads history. There is one request at a time. */
    void read(HistoryRequest request);
}
