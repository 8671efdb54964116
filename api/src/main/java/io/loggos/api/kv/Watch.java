package io.loggos.api.kv;

import java.util.concurrent.Flow;

/** A watch that is open. The subscriber receives it in {@link Flow.Subscriber#onSubscribe}. Safe for use by any thread. */
public interface Watch extends Flow.Subscription {
    /**
     * Requests a {@link WatchEvents} without events. It comes once the subscriber has received every event up to the
     * revision that this node's copy has now, or a later one. It counts as one of the requested batches.
     */
    void requestProgress();
}
