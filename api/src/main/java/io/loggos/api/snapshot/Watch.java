package io.loggos.api.snapshot;

import java.util.concurrent.CompletableFuture;

/** A scheduled search for a stable property, which ends when the property is found. */
public interface Watch<T> extends AutoCloseable {
    /**
     * The finding and its cut. The future completes once.
     *
     * <p>After a failed attempt the next one follows. The future completes exceptionally only in two cases. It has the
     * exception that the property threw, or a {@link java.util.concurrent.CancellationException} when the watch or its
     * node is closed.
     */
    CompletableFuture<Found<T>> found();

    /** Ends the search. A second call does nothing. */
    @Override
    void close();

    /**
     * A property that was found to hold.
     *
     * @param value the finding
     * @param cut the snapshot in which it holds
     */
    record Found<T>(T value, GlobalSnapshot cut) {}
}
