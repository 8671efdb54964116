package io.loggos.examples.server.etcd.watch;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A request for progress, which is for all watches of a stream. The answer is the lowest of their bookmarks. Guarded by
 * the stream.
 */
final class ProgressRound {
    private final Set<StreamWatch> missing = new LinkedHashSet<>();
    private long from;
    private long lowest = Long.MAX_VALUE;

    /**
     * Begins, or begins anew, to ask the watches for bookmarks from a revision on. A watch that is there already, or
     * that begins later, is not asked: it has nothing more to deliver.
     */
    void begin(Collection<StreamWatch> watches, long revision) {
        from = revision;
        lowest = Long.MAX_VALUE;
        missing.clear();
        for (StreamWatch watch : watches) {
            if (watch.isBehind(revision)) {
                missing.add(watch);
            } else {
                lowest = revision;
            }
        }
        List.copyOf(missing).forEach(StreamWatch::requestProgress);
    }

    /** A watch has begun again, and has forgotten that it was asked. */
    void askAgain(StreamWatch watch) {
        if (missing.contains(watch)) {
            watch.requestProgress();
        }
    }

    /** Takes a bookmark. Returns false if the watch was not asked for it. */
    boolean reported(StreamWatch watch, long revision) {
        if (revision < from || !missing.remove(watch)) {
            return false;
        }
        lowest = Math.min(lowest, revision);
        return true;
    }

    /** A watch has ended. Returns true if its bookmark was missing. */
    boolean without(StreamWatch watch) {
        return missing.remove(watch);
    }

    boolean isComplete() {
        return missing.isEmpty() && lowest != Long.MAX_VALUE;
    }

    /** Returns the answer, and ends the round. */
    long end() {
        long answer = lowest;
        lowest = Long.MAX_VALUE;
        return answer;
    }
}
