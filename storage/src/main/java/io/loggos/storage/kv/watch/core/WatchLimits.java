package io.loggos.storage.kv.watch.core;

/**
 * Bounds of all watches of a store.
 *
 * @param recentBytes bytes of the last revisions that are kept in memory
 * @param batchBytes bytes of events after which a batch takes no other revision
 * @param watchersPerRead number of watches that share a request for history
 */
public record WatchLimits(long recentBytes, long batchBytes, int watchersPerRead) {
    /** The usual bounds. */
    public static final WatchLimits USUAL = new WatchLimits(16L << 20, 512L << 10, 1024);
}
