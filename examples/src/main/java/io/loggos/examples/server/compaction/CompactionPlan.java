package io.loggos.examples.server.compaction;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;

/** Decides when to compact, and to which revision. It sees time and revisions only. Not thread-safe. */
final class CompactionPlan {
    private static final Duration REVISION_LOOK = Duration.ofMinutes(5);
    private static final Duration LONGEST_PERIOD = Duration.ofHours(1);
    /** Number of looks in a period. */
    private static final int LOOKS = 10;

    private record Seen(long nanos, long revision) {}

    private final CompactionPolicy policy;
    /** Revisions of the past, oldest first, from the newest one that is old enough on. */
    private final ArrayDeque<Seen> seen = new ArrayDeque<>();

    private long compacted;

    CompactionPlan(CompactionPolicy policy) {
        this.policy = policy;
    }

    /** Returns the time between two looks, as in etcd: five minutes, or a tenth of the period up to an hour. */
    Duration lookEvery() {
        if (policy instanceof CompactionPolicy.Periodic periodic) {
            Duration period =
                    periodic.retention().compareTo(LONGEST_PERIOD) < 0 ? periodic.retention() : LONGEST_PERIOD;
            return period.dividedBy(LOOKS);
        }
        return REVISION_LOOK;
    }

    /** Looks at the store. Returns the revision to compact to, if it should be compacted now. */
    OptionalLong look(long nowNanos, long revision) {
        long target = policy instanceof CompactionPolicy.Revisions revisions
                ? revision - revisions.retention()
                : policy instanceof CompactionPolicy.Periodic periodic
                        ? before(nowNanos, revision, periodic.retention().toNanos())
                        : 0;
        return target > compacted ? OptionalLong.of(target) : OptionalLong.empty();
    }

    /** The store was compacted, by whomever. */
    void compacted(long revision) {
        compacted = Math.max(compacted, revision);
    }

    /** Returns the newest revision that was seen at least that long ago, or 0. */
    private long before(long nowNanos, long revision, long nanos) {
        seen.add(new Seen(nowNanos, revision));
        long found = 0;
        while (!seen.isEmpty() && nowNanos - seen.peek().nanos() >= nanos) {
            found = seen.remove().revision();
        }
        if (found > 0) {
            seen.addFirst(new Seen(nowNanos - nanos, found));
        }
        return found;
    }
}
