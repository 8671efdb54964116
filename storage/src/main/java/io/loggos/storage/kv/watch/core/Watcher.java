package io.loggos.storage.kv.watch.core;

import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.versions.Change;
import java.util.ArrayList;
import java.util.List;

/**
 * One watch. It is at the <i>tip</i>, where it receives each revision as it comes, or <i>behind</i>, where it has a place
 * in the history.
 */
final class Watcher {
    final long id;
    final KeyRange keys;
    final boolean previous;
    final long progressNanos;
    private final boolean puts;
    private final boolean deletes;

    /** Every event below this revision was delivered or is not wanted. At the tip it may be lower than the next one. */
    long next;
    /** False from a delivery on until the subscriber can take another batch. */
    boolean ready;

    boolean ended;
    boolean behind;
    /** True while it waits for its turn, or for a page of history. */
    boolean queued;
    /** The revision that was compacted to when it began below; else 0. */
    long refusedAt;

    /** The least revision that a requested report of progress has, or 0. */
    long progressFrom;

    long progressDueNanos;
    long lastBatchNanos;

    /** Events for the next batch, of whole revisions. */
    List<WatchEvent> pending = new ArrayList<>();

    private long pendingBytes;

    Watcher(long id, KeyRange keys, WatchTerms terms, long next) {
        this.id = id;
        this.keys = keys;
        this.previous = terms.previous();
        this.puts = terms.puts();
        this.deletes = terms.deletes();
        this.progressNanos = terms.progressNanos();
        this.next = next;
    }

    /** True if a change of its keys is an event of this watch that was not delivered. */
    boolean wants(Change change) {
        return change.revision() >= next && (change.isDelete() ? deletes : puts);
    }

    /** True if the event of a change can be told. */
    boolean canTell(Change change) {
        return !previous || change.knowsPrevious();
    }

    /** Adds an event to the next batch. */
    void add(Change change) {
        pending.add(previous ? change.eventWithPrevious() : change.event());
        pendingBytes += change.sizeBytes();
    }

    /** True if the next batch should not have another revision than those that it has. */
    boolean isFull(long revision, long batchBytes) {
        return pendingBytes >= batchBytes && pending.get(pending.size() - 1).revision() < revision;
    }

    /** Removes the events of a revision, which are the last ones, from the next batch. */
    void drop(long revision) {
        while (!pending.isEmpty() && pending.get(pending.size() - 1).revision() == revision) {
            pending.remove(pending.size() - 1);
        }
    }

    /** Returns the next batch, and begins another one. */
    List<WatchEvent> take() {
        List<WatchEvent> taken = pending;
        pending = new ArrayList<>();
        pendingBytes = 0;
        return taken;
    }
}
