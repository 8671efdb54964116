package io.loggos.storage.kv.watch.core;

import io.loggos.api.LoggosException;
import io.loggos.api.kv.CompactedException;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.WatchEvents;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.versions.Change;
import io.loggos.storage.kv.versions.ChangeHistory;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All watches of a store.
 *
 * <p>Revisions come in their order and without gaps, or {@link #missed} says that some do not come. The newest one is
 * the <i>tip</i>. A watch at the tip receives the events of a turn in one batch. A watch that was not ready for an event
 * falls behind: it keeps its place, and nothing else. Once it is ready, it reads on from the last revisions in memory,
 * or from the store if they are gone, until it is at the tip again.
 *
 * <p>Invariant: a watch has been given every event of its keys below its place, each once, and whole revisions only. At
 * the tip its place is behind the tip.
 */
public final class Watchers {
    /** Number of revisions that a watch looks at in one turn. */
    private static final int REVISIONS_PER_TURN = 8192;

    private final WatchLimits limits;
    private final Map<Long, Watcher> watchers = new LinkedHashMap<>();
    private final RangeIndex<Watcher> index = new RangeIndex<>();
    private final RecentRevisions recent;
    private final ProgressTimes progressTimes = new ProgressTimes();

    /** Watches at the tip with events of this turn. */
    private final List<Watcher> touched = new ArrayList<>();
    /** Watches behind that are ready. */
    private final ArrayDeque<Watcher> runnable = new ArrayDeque<>();

    private final HistoryQueue history;
    /** Watches at the tip, and ready, from which a report of progress was requested. */
    private final Set<Watcher> reporting = new LinkedHashSet<>();

    private long tip;
    private int wantPrevious;

    public Watchers(WatchLimits limits) {
        this.limits = limits;
        this.history = new HistoryQueue(limits.watchersPerRead());
        this.recent = new RecentRevisions(limits.recentBytes());
    }

    /** Begins with no watch, at a revision after which revisions come. */
    public void begin(long revision) {
        tip = revision;
        recent.clear();
    }

    /** True if there is no watch. */
    public boolean isEmpty() {
        return watchers.isEmpty();
    }

    /** True if a watch wants the versions before changes. */
    public boolean wantsPrevious() {
        return wantPrevious > 0;
    }

    /** True if {@link #flush} has more to do without any event. */
    public boolean hasWork() {
        return !runnable.isEmpty();
    }

    /** True if a request for history was not answered. */
    public boolean isReading() {
        return history.isReading();
    }

    /** Returns the time at which a report of progress may be due, or {@link Long#MAX_VALUE}. */
    public long nextDueNanos() {
        return progressTimes.next();
    }

    /**
     * Adds a watch, which is not ready.
     *
     * @param compacted the compacted revision of the state
     */
    public void watch(long id, KeyRange keys, WatchTerms terms, long compacted, long nowNanos) {
        Watcher watcher = new Watcher(id, keys, terms, terms.fromRevision());
        watcher.lastBatchNanos = nowNanos;
        watchers.put(id, watcher);
        index.add(keys, watcher);
        wantPrevious += watcher.previous ? 1 : 0;
        progressTimes.add(watcher, nowNanos);
        if (terms.fromRevision() < compacted) {
            watcher.refusedAt = compacted;
            fallBehind(watcher, terms.fromRevision());
            run(watcher);
        } else if (terms.fromRevision() <= tip) {
            fallBehind(watcher, terms.fromRevision());
        }
    }

    /** The subscriber of a watch can take another batch. */
    public void ready(long id) {
        Watcher watcher = watchers.get(id);
        if (watcher == null) {
            return;
        }
        watcher.ready = true;
        if (watcher.behind) {
            run(watcher);
        } else if (watcher.progressFrom > 0) {
            reporting.add(watcher);
        }
    }

    /**
     * Requests a report of progress.
     *
     * @param from the least revision of the report
     */
    public void progress(long id, long from) {
        Watcher watcher = watchers.get(id);
        if (watcher != null) {
            watcher.progressFrom = Math.max(watcher.progressFrom, from);
            if (!watcher.behind && watcher.ready) {
                reporting.add(watcher);
            }
        }
    }

    /** Removes a watch. */
    public void cancel(long id) {
        Watcher watcher = watchers.get(id);
        if (watcher != null) {
            remove(watcher);
        }
    }

    /** A revision was made. Its events are delivered by {@link #flush}. */
    public void committed(Revision revision) {
        if (revision.number() <= tip) {
            return;
        }
        if (revision.number() > tip + 1) {
            missed(revision.number() - 1);
        }
        tip = revision.number();
        recent.add(revision);
        for (Change change : revision.changes()) {
            index.forEach(change.key(), watcher -> match(watcher, change));
        }
    }

    private void match(Watcher watcher, Change change) {
        if (watcher.behind || !watcher.wants(change)) {
            return;
        }
        boolean full = !watcher.pending.isEmpty() && watcher.isFull(change.revision(), limits.batchBytes());
        if (!watcher.ready || full || !watcher.canTell(change)) {
            fallBehind(watcher, change.revision());
            return;
        }
        if (watcher.pending.isEmpty()) {
            touched.add(watcher);
        }
        watcher.add(change);
    }

    /** The revisions up to this one were made, and those that did not come will not. */
    public void missed(long through) {
        if (through <= tip) {
            return;
        }
        for (Watcher watcher : watchers.values()) {
            if (!watcher.behind && watcher.next <= through) {
                fallBehind(watcher, Math.max(watcher.next, tip + 1));
            }
        }
        recent.clear();
        tip = through;
    }

    /** Takes a watch from the tip. Events below {@code next} that wait for the end of the turn are still delivered. */
    private void fallBehind(Watcher watcher, long next) {
        watcher.drop(next);
        watcher.next = next;
        watcher.behind = true;
        reporting.remove(watcher);
        if (watcher.ready && watcher.pending.isEmpty()) {
            run(watcher);
        }
    }

    private void run(Watcher watcher) {
        if (!watcher.queued) {
            watcher.queued = true;
            runnable.add(watcher);
        }
    }

    /**
     * A request for history was answered.
     *
     * @param page changes from the first requested revision on; none if that is compacted
     * @param compacted the compacted revision of the state that was read
     */
    public void page(HistoryRequest request, ChangeHistory.Page page, long compacted) {
        for (Change change : page.changes()) {
            request.index().forEach(change.key(), watcher -> {
                if (!watcher.ended && watcher.wants(change)) {
                    watcher.add(change);
                }
            });
        }
        for (Watcher watcher : history.answered(request)) {
            if (watcher.next < compacted) {
                watcher.refusedAt = compacted;
                run(watcher);
            } else {
                watcher.next = Math.max(watcher.next, page.through() + 1);
                if (watcher.pending.isEmpty()) {
                    run(watcher);
                } else {
                    touched.add(watcher);
                }
            }
        }
    }

    /** A request could not be answered, and is made again. */
    public void unread(HistoryRequest request) {
        history.answered(request).forEach(this::run);
    }

    /** The first requested revision is too large. If that is so for one watch alone, the watch ends. */
    public void tooLarge(HistoryRequest request, String message, WatchEffects out) {
        boolean several = request.watchers().size() > 1;
        if (several) {
            history.nextAlone();
        }
        for (Watcher watcher : history.answered(request)) {
            if (several) {
                run(watcher);
            } else {
                end(watcher, new KeyValueException(KeyValueException.Reason.ANSWER_TOO_LARGE, message), out);
            }
        }
    }

    /** Ends all watches. */
    public void endAll(LoggosException cause, WatchEffects out) {
        List.copyOf(watchers.values()).forEach(watcher -> end(watcher, cause, out));
    }

    /** Ends a turn: delivers what there is to deliver, and requests history. */
    public void flush(long nowNanos, WatchEffects out) {
        touched.forEach(watcher -> deliverPending(watcher, nowNanos, out));
        touched.clear();
        for (int left = runnable.size(); left > 0; left--) {
            Watcher watcher = runnable.remove();
            watcher.queued = false;
            if (!watcher.ended && watcher.behind) {
                goOn(watcher, nowNanos, out);
            }
        }
        HistoryRequest request = history.next();
        if (request != null) {
            out.read(request);
        }
        progressTimes.due(nowNanos).forEach(watcher -> progress(watcher.id, 1));
        report(nowNanos, out);
    }

    private void deliverPending(Watcher watcher, long nowNanos, WatchEffects out) {
        if (!watcher.ended) {
            List<WatchEvent> events = watcher.take();
            if (watcher.behind && watcher.next > tip) {
                watcher.behind = false;
            }
            if (!events.isEmpty()) {
                deliver(
                        watcher,
                        watcher.behind ? watcher.next - 1 : Math.max(tip, watcher.next - 1),
                        events,
                        nowNanos,
                        out);
            }
        }
    }

    /** Brings a watch nearer to the tip. */
    private void goOn(Watcher watcher, long nowNanos, WatchEffects out) {
        if (watcher.refusedAt > 0) {
            end(watcher, new CompactedException(watcher.refusedAt), out);
        } else if (watcher.ready && watcher.next > tip) {
            watcher.behind = false;
            ready(watcher.id);
        } else if (watcher.ready && watcher.next >= recent.first() && readRecent(watcher)) {
            if (!watcher.pending.isEmpty()) {
                deliverPending(watcher, nowNanos, out);
            } else {
                run(watcher);
            }
        } else if (watcher.ready) {
            history.add(watcher);
        }
    }

    /** Reads on in the last revisions. Returns false if one of them does not tell enough. */
    private boolean readRecent(Watcher watcher) {
        long end = Math.min(tip, watcher.next + REVISIONS_PER_TURN - 1);
        long begin = watcher.next;
        while (watcher.next <= end) {
            for (Change change : recent.get(watcher.next).changes()) {
                if (watcher.keys.contains(change.key()) && watcher.wants(change)) {
                    if (!watcher.canTell(change)) {
                        watcher.take();
                        watcher.next = begin;
                        return false;
                    }
                    watcher.add(change);
                }
            }
            watcher.next++;
            if (!watcher.pending.isEmpty() && watcher.isFull(watcher.next, limits.batchBytes())) {
                break;
            }
        }
        return true;
    }

    private void report(long nowNanos, WatchEffects out) {
        for (Watcher watcher : List.copyOf(reporting)) {
            if (tip >= Math.max(watcher.progressFrom, watcher.next - 1)) {
                reporting.remove(watcher);
                watcher.progressFrom = 0;
                deliver(watcher, tip, List.of(), nowNanos, out);
            }
        }
    }

    private void deliver(Watcher watcher, long revision, List<WatchEvent> events, long nowNanos, WatchEffects out) {
        watcher.ready = false;
        watcher.lastBatchNanos = nowNanos;
        reporting.remove(watcher);
        out.deliver(watcher.id, new WatchEvents(revision, events));
    }

    private void end(Watcher watcher, LoggosException cause, WatchEffects out) {
        remove(watcher);
        out.end(watcher.id, cause);
    }

    private void remove(Watcher watcher) {
        watcher.ended = true;
        watchers.remove(watcher.id);
        index.remove(watcher.keys, watcher);
        reporting.remove(watcher);
        wantPrevious -= watcher.previous ? 1 : 0;
    }
}
