package io.loggos.api.snapshot;

import java.util.concurrent.CompletableFuture;

/** A stable property that is looked for on a schedule until it is found. */
public interface Watch<T> extends AutoCloseable {
    /**
     * What was found, in which cut. Completes once. An attempt that fails is followed by the next; the future completes
     * exceptionally only if the property itself throws, or with a {@link java.util.concurrent.CancellationException} when
     * the watch or its node is closed.
     */
    CompletableFuture<Found<T>> found();

    /** Looks no more. Calling it again does nothing. */
    @Override
    void close();

    /** A property was found to hold. */
    record Found<T>(T value, GlobalSnapshot cut) {}
}
