package io.loggos.multicast.runtime;

import io.loggos.multicast.group.core.model.SendQueue;
import io.loggos.multicast.group.core.model.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Queue of messages to send, bounded in bytes: any thread adds, the loop takes.
 *
 * <p>It is a linked queue in which an addition is one atomic exchange (Vyukov's, for many producers and one consumer).
 * The lock is only for callers that wait for room.
 */
final class SendBuffer implements SendQueue {
    /** Cost of a message besides its bytes. */
    static final int OVERHEAD_BYTES = 64;

    /** Limit of the messages of callbacks, as a multiple of that of other threads. */
    private static final long CALLBACK_WINDOWS = 4;

    /** Room is given back in steps of this part of the limit, or when nothing is left. */
    private static final int STEPS = 16;

    private static final class Link extends AtomicReference<@Nullable Link> {
        private static final long serialVersionUID = 1L;

        private transient @Nullable Submission submission;

        Link(@Nullable Submission submission) {
            this.submission = submission;
        }
    }

    /**
     * Messages that were added between two places in the queue, kept though the loop takes them meanwhile.
     *
     * <p>The loop sets the first place, the adding side the second.
     */
    final class Recording {
        private final Link from = taken;
        private final List<Link> links = new ArrayList<>();
        private final List<Submission> submissions = new ArrayList<>();
        private volatile @Nullable Link through;
        private @Nullable List<Submission> result;

        private Recording() {}

        /** Ends the recording: messages that were added before this call count. Any thread, once. */
        void end() {
            through = newest.get();
        }

        private void taken(Link link, Submission submission) {
            links.add(link);
            submissions.add(submission);
        }

        /**
         * Returns the messages, once {@link #end} was called. Called by the loop.
         *
         * @return null while somebody is just adding a message that has to be waited for
         */
        @Nullable
        List<Submission> result() {
            if (result == null) {
                result = find();
            }
            if (result != null) {
                recordings.remove(this);
            }
            return result;
        }

        private @Nullable List<Submission> find() {
            Link last = through;
            if (last == null || last == from) {
                return last == null ? null : List.of();
            }
            int end = links.indexOf(last);
            if (end >= 0) {
                return List.copyOf(submissions.subList(0, end + 1));
            }
            List<Submission> all = new ArrayList<>(submissions);
            for (Link link = SendBuffer.this.taken.get(); link != null; link = link.get()) {
                all.add(Objects.requireNonNull(link.submission));
                if (link == last) {
                    return all;
                }
            }
            return null;
        }
    }

    private final long limitBytes;
    private final AtomicReference<Link> newest;
    private final AtomicLong usedBytes = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final AtomicInteger waiting = new AtomicInteger();

    /** True while nothing may be taken. */
    private volatile boolean held;

    /** The link that was taken last; used by the loop. */
    private Link taken = new Link(null);
    /** Recordings that are under way; used by the loop. */
    private final List<Recording> recordings = new ArrayList<>();
    /** Bytes that were taken and not yet given back; used by the loop. */
    private long takenBytes;

    SendBuffer(long limitBytes) {
        this.limitBytes = limitBytes;
        this.newest = new AtomicReference<>(taken);
    }

    /** Lets nothing be taken, or everything again. Any thread; the loop must be told. */
    void hold(boolean now) {
        held = now;
    }

    boolean isHeld() {
        return held;
    }

    /** Adds a message if there is room for it. */
    boolean offer(Submission submission) {
        return offer(submission, limitBytes);
    }

    /** Adds a message of a callback, which must not wait: there is room for it within a higher limit. */
    boolean offerFromCallback(Submission submission) {
        return offer(submission, CALLBACK_WINDOWS * limitBytes);
    }

    private boolean offer(Submission submission, long limit) {
        int cost = cost(submission);
        long used = usedBytes.addAndGet(cost);
        // One message alone is always taken: its cost may be above the limit.
        if (used > limit && used != cost) {
            usedBytes.addAndGet(-cost);
            return false;
        }
        Link link = new Link(submission);
        newest.getAndSet(link).set(link);
        return true;
    }

    /**
     * Adds a message once there is room for it; false if, before that, the time is over or {@code wanted} turns false.
     */
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

    /** Lets waiting callers check again what they wait for. Any thread. */
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

    /** Bytes that wait, for meters. */
    long usedBytes() {
        return usedBytes.get();
    }

    boolean isEmpty() {
        return usedBytes.get() == 0;
    }

    @Override
    public @Nullable Submission peek() {
        Link next = held ? null : taken.get();
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
        for (int i = 0; i < recordings.size(); i++) {
            recordings.get(i).taken(next, submission);
        }
        takenBytes += cost(submission);
        if (takenBytes > limitBytes / STEPS) {
            giveBack();
        }
        return submission;
    }

    /** Begins to keep what is added from now on. Called by the loop. */
    Recording record() {
        Recording recording = new Recording();
        recordings.add(recording);
        return recording;
    }

    /** Keeps nothing more for a recording. Called by the loop. */
    void forget(Recording recording) {
        recordings.remove(recording);
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
