package io.loggos.multicast.runtime;

import io.loggos.multicast.group.core.SendQueue;
import io.loggos.multicast.group.core.Submission;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be sent, bounded in bytes: any thread adds, the loop takes. A linked queue in which an addition is one
 * exchange (Vyukov's for many producers and one consumer); the lock is only for callers that wait for room.
 */
final class SendBuffer implements SendQueue {
    /** What a message costs besides its bytes. */
    static final int OVERHEAD_BYTES = 64;

    /** Room is given back in steps of this part of all there is, or when nothing is left. */
    private static final int STEPS = 16;

    private static final class Link extends AtomicReference<@Nullable Link> {
        private static final long serialVersionUID = 1L;

        private transient @Nullable Submission submission;

        Link(@Nullable Submission submission) {
            this.submission = submission;
        }
    }

    private final long limitBytes;
    private final AtomicReference<Link> newest;
    private final AtomicLong usedBytes = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();

    /** Of the loop: the link that was taken last. */
    private Link taken = new Link(null);
    /** Of the loop: what was taken and not yet given back. */
    private long takenBytes;

    SendBuffer(long limitBytes) {
        this.limitBytes = limitBytes;
        this.newest = new AtomicReference<>(taken);
    }

    /** Adds a message if there is room for it. */
    boolean offer(Submission submission) {
        int cost = cost(submission);
        long used = usedBytes.addAndGet(cost);
        // One alone is always taken: its cost may be above the limit.
        if (used > limitBytes && used != cost) {
            usedBytes.addAndGet(-cost);
            return false;
        }
        Link link = new Link(submission);
        newest.getAndSet(link).set(link);
        return true;
    }

    /** Adds a message once there is room for it; false if the time is over, or {@code wanted} no more, before. */
    boolean offer(Submission submission, long timeoutNanos, BooleanSupplier wanted) throws InterruptedException {
        long left = timeoutNanos;
        lock.lock();
        waiting.incrementAndGet();
        try {
            while (left > 0 && wanted.getAsBoolean()) {
                if (offer(submission)) {
                    return true;
                }
                left = room.awaitNanos(left);
            }
            return false;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    /** Lets those who wait look again at what they wait for. Any thread. */
    void wakeWaiting() {
        if (waiting.get() > 0) {
            lock.lock();
            try {
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** How much waits, in bytes; for whoever measures. */
    long usedBytes() {
        return usedBytes.get();
    }

    boolean isEmpty() {
        return usedBytes.get() == 0;
    }

    @Override
    public @Nullable Submission peek() {
        Link next = taken.get();
        if (next == null) {
            giveBack();
            return null;
        }
        return next.submission;
    }

    @Override
    public Submission poll() {
        Link next = taken.get();
        Submission submission = next == null ? null : next.submission;
        if (next == null || submission == null) {
            throw new IllegalStateException("nothing waits");
        }
        next.submission = null;
        taken = next;
        takenBytes += cost(submission);
        if (takenBytes > limitBytes / STEPS) {
            giveBack();
        }
        return submission;
    }

    private void giveBack() {
        if (takenBytes > 0) {
            usedBytes.addAndGet(-takenBytes);
            takenBytes = 0;
            wakeWaiting();
        }
    }

    private static int cost(Submission submission) {
        return OVERHEAD_BYTES + submission.message().size();
    }
}
