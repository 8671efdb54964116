package io.loggos.storage.kv.watch;

import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.WatchOptions;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/**
 * Judges what a watch delivers, over all replicas at which it goes on. It knows the events of each revision from a model.
 *
 * <p>The guarantees are those of etcd's API: ordered, unique, reliable, atomic, resumable and bookmarkable.
 */
public final class WatchJudge {
    private final String name;
    private final KeyRange keys;
    private final WatchOptions options;
    private final LongFunction<List<WatchEvent>> truth;
    private long next;

    /**
     * Begins to judge a watch.
     *
     * @param next the first revision of the watch
     * @param truth returns the events of a revision in their order, with the versions before them
     */
    public WatchJudge(
            String name, KeyRange keys, WatchOptions options, long next, LongFunction<List<WatchEvent>> truth) {
        this.name = name;
        this.keys = keys;
        this.options = options;
        this.next = next;
        this.truth = truth;
    }

    /** Returns the revision from which the watch goes on. */
    public long next() {
        return next;
    }

    /**
     * Judges the next batch.
     *
     * @param newest the newest revision that exists
     */
    public void batch(WatchEvents batch, long newest) {
        List<WatchEvent> events = batch.events();
        long last = 0;
        for (WatchEvent event : events) {
            long revision = event.revision();
            check(revision >= last, "ordered", "revision " + revision + " after " + last);
            check(revision >= next, "unique", "revision " + revision + " again");
            check(revision <= batch.revision(), "bookmarkable", event + " above the bookmark " + batch.revision());
            last = revision;
        }
        check(batch.revision() >= next - 1, "bookmarkable", "the bookmark " + batch.revision() + " goes back");
        check(
                batch.revision() <= Math.max(newest, next - 1),
                "bookmarkable",
                "the bookmark " + batch.revision() + " above " + newest);
        for (long revision = next; revision <= batch.revision(); revision++) {
            compare(revision, events);
        }
        next = batch.revision() + 1;
    }

    private void compare(long revision, List<WatchEvent> events) {
        List<WatchEvent> expected = expected(revision);
        List<WatchEvent> delivered =
                events.stream().filter(event -> event.revision() == revision).collect(Collectors.toList());
        if (!delivered.equals(expected)) {
            check(!delivered.isEmpty(), "reliable", "lost: " + expected);
            check(delivered.size() >= expected.size(), "atomic", delivered + " instead of " + expected);
            check(delivered.size() <= expected.size(), "unique", delivered + " instead of " + expected);
            throw new Violation("true", name + ": " + delivered + " instead of " + expected);
        }
    }

    private List<WatchEvent> expected(long revision) {
        List<WatchEvent> expected = new ArrayList<>();
        for (WatchEvent event : truth.apply(revision)) {
            boolean wanted = event.kind() == WatchEvent.Kind.PUT ? options.puts() : options.deletes();
            if (wanted && keys.contains(event.keyValue().key())) {
                expected.add(options.previous() ? event : new WatchEvent(event.kind(), event.keyValue(), null));
            }
        }
        return expected;
    }

    /** Judges the end of a watch because of compaction. */
    public void compacted(long compactRevision, long compacted) {
        check(next < compactRevision, "resumable", "compacted at " + compactRevision + ", but it was at " + next);
        check(compactRevision <= compacted, "resumable", compactRevision + " was not compacted");
    }

    private void check(boolean holds, String predicate, String otherwise) {
        Violation.unless(holds, predicate, () -> name + " " + keys + ", next " + next + ": " + otherwise);
    }
}
