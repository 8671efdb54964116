package io.loggos.paxos.core;

import io.loggos.api.spi.LogEntry;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.request.Submissions;
import io.loggos.paxos.core.skip.Skips;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Hands chosen batches to the state machine, in slot order and once in a life, as far as it has room.
 *
 * <p>A batch that is not in memory any more is read from the log. That happens after a restart, and when the state
 * machine is slow.
 */
final class ApplyFeed {
    private record Given(long slot, int bytes) {}

    private final Limits limits;
    private final Learner learner;
    private final Submissions submissions;
    private final Skips skips;
    private final Effects effects;

    /** The next slot to hand over. The state machine has all earlier slots, in part through its first checkpoint. */
    private long next;

    private final ArrayDeque<Given> given = new ArrayDeque<>();
    private long givenBytes;
    private long appliedThrough;
    private boolean reading;
    /** The last slot that the disk did not hold soundly. It is read again only after a repair. */
    private long unreadable;

    ApplyFeed(
            Limits limits,
            Learner learner,
            Submissions submissions,
            Skips skips,
            long checkpointSlot,
            Effects effects) {
        this.limits = limits;
        this.learner = learner;
        this.submissions = submissions;
        this.skips = skips;
        this.effects = effects;
        this.next = checkpointSlot + 1;
        this.appliedThrough = checkpointSlot;
    }

    /** The last slot up to which all slots were handed over. */
    long givenThrough() {
        return next - 1;
    }

    long appliedThrough() {
        return appliedThrough;
    }

    /** The size of the batches that the state machine has not applied. */
    long givenBytes() {
        return givenBytes;
    }

    /** Hands over the available batches for which the state machine has room. */
    void pump() {
        while (next <= learner.through() && givenBytes < limits.feedBytes()) {
            if (skips.holds(next)) {
                return;
            }
            LogEntry entry = learner.cached(next);
            if (entry == null) {
                if (!reading && !(learner.isRepairing() && unreadable == next)) {
                    reading = true;
                    effects.readLog(null, next, learner.through());
                }
                return;
            }
            give(entry);
        }
    }

    /**
     * Takes entries from the disk, and asks for a repair of a slot that the disk does not hold soundly.
     *
     * @param fromSlot the first slot that was read; another one than the next slot if a checkpoint was restored meanwhile
     */
    void onLogRead(long fromSlot, List<LogEntry> entries) {
        reading = false;
        boolean stuck = fromSlot == next;
        for (LogEntry entry : entries) {
            if (entry.slot() < next) {
                continue;
            }
            if (entry.faulty() || entry.slot() > next) {
                break;
            }
            if (skips.holds(next)) {
                break;
            }
            give(entry);
            stuck = false;
        }
        if (stuck && next <= learner.through() && !skips.holds(next)) {
            unreadable = next;
            learner.repair(next);
        }
    }

    /** Reports that the state machine has applied all slots up to this one. */
    void onApplied(long slot) {
        appliedThrough = Math.max(appliedThrough, slot);
        while (!given.isEmpty() && given.getFirst().slot <= slot) {
            givenBytes -= given.removeFirst().bytes;
        }
    }

    /** Goes on behind a checkpoint that the state machine has restored. */
    void onCheckpointInstalled(long slot) {
        if (slot >= next) {
            submissions.skipped();
            next = slot + 1;
        }
    }

    private void give(LogEntry entry) {
        Batch batch = Batch.parse(entry.value());
        next = entry.slot() + 1;
        int bytes = entry.value().size() + 64;
        given.add(new Given(entry.slot(), bytes));
        givenBytes += bytes;
        learner.given(entry.slot());
        skips.given(entry.slot());
        if (skips.passesOver(entry.slot())) {
            effects.skip(entry.slot(), batch, submissions.settle(batch));
        } else {
            effects.apply(entry.slot(), batch, submissions.settle(batch));
        }
    }
}
