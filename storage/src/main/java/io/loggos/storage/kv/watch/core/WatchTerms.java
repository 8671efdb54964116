package io.loggos.storage.kv.watch.core;

/**
 * The wishes of a watch.
 *
 * @param fromRevision the first revision
 * @param previous true if the versions before changes are wanted
 * @param puts true if puts are wanted
 * @param deletes true if deletions are wanted
 * @param progressNanos longest time without a batch while there is no event, or 0
 */
public record WatchTerms(long fromRevision, boolean previous, boolean puts, boolean deletes, long progressNanos) {}
