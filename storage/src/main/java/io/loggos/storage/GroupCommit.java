package io.loggos.storage;

import io.loggos.api.StorageException;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.Meters;
import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Group commit: one write and one sync for everything that was submitted during the write before it, for all logs of
 * the node. No timer delays a write, so an idle node commits at once.
 *
 * <p>Two threads use it: one submits, one runs {@link #doWork}. They share a lock-free queue. The submitting side
 * bounds the queue: it asks {@link #hasRoom}, and takes nothing more from peers and callers until there is room.
 *
 * <p>A failed write is final (RULES.md F-10). The listener is told once. After that nothing is reported as durable, and
 * every later submission is dropped.
 */
public final class GroupCommit implements Agent {
    /** The name of this agent. */
    public static final String NAME = "storage";

    /** Receives the outcome of submissions, on the thread that runs {@link GroupCommit#doWork}. */
    public interface Listener {
        /** Every submission up to this number is durable, as far as its records ask for it. */
        void durable(long through);

        /**
         * A write failed. Submissions not reported as durable may or may not be on disk. No later write will succeed.
         */
        void failed(StorageException cause);
    }

    /** Memory of a queued record beside the size of its content. So a flood of empty records is not free. */
    static final int RECORD_BYTES = 64;
    /** Groups for which the queue has room: one that is being written, the next one, and two for bursts. */
    private static final int QUEUED_GROUPS = 4;

    private record Submission(long number, int bytes, List<LogRecord> records) {
        long memory() {
            return bytes + (long) RECORD_BYTES * records.size();
        }
    }

    private final AcceptorLog log;
    private final int mostBytes;
    private final Clock clock;
    private final Listener listener;
    private final Waker waker;
    private final Meters.Timer commitTimer;
    private final Meters.Summary commitBytes;
    private final Meters.Summary commitRecords;

    private final ConcurrentLinkedQueue<Submission> queue = new ConcurrentLinkedQueue<>();
    /** The memory of what is submitted and not yet written, the present group included. */
    private final AtomicLong queuedBytes = new AtomicLong();

    private final long roomBytes;
    /** Changes once, from false to true, on the committing thread. The submitting thread may see it late. */
    private volatile boolean failed;

    /** Used by the submitting thread only. */
    private long submitted;

    /** Used by the committing thread only. It keeps its capacity from write to write. */
    private final ArrayList<LogRecord> group = new ArrayList<>();

    /**
     * Creates the group commit of a log.
     *
     * @param waker called by each submission
     */
    public GroupCommit(
            AcceptorLog log, StorageOptions options, Meters meters, Clock clock, Listener listener, Waker waker) {
        this.log = log;
        this.mostBytes = options.groupCommitBytes();
        this.roomBytes = roomBytes(options);
        this.clock = clock;
        this.listener = listener;
        this.waker = waker;
        this.commitTimer = meters.timer("loggos.storage.commit");
        this.commitBytes = meters.summary("loggos.storage.commit.bytes", "bytes");
        this.commitRecords = meters.summary("loggos.storage.commit.records", "records");
        meters.gauge("loggos.storage.queue.bytes", queuedBytes::get);
    }

    /**
     * Queues records that will be written in this order, within one atomic write. One thread; returns at once.
     *
     * @return the number of this submission: 1, 2, 3…
     */
    public long submit(List<LogRecord> records) {
        submitted++;
        if (!failed) {
            Submission submission = new Submission(submitted, sizeOf(records), records);
            queuedBytes.addAndGet(submission.memory());
            queue.add(submission);
            waker.wake();
        }
        return submitted;
    }

    /**
     * Tells if more may be submitted. Any thread.
     *
     * @param more the size of what is about to be submitted, in bytes
     */
    public boolean hasRoom(long more) {
        return queuedBytes.get() + more < roomBytes;
    }

    /** The most that the queue holds before {@link #hasRoom} is false, in bytes of memory. */
    public static long roomBytes(StorageOptions options) {
        return (long) QUEUED_GROUPS * options.groupCommitBytes();
    }

    @Override
    public String name() {
        return NAME;
    }

    /** Writes the queued records, up to the bytes of one group, as one write. Returns the number of records. */
    @Override
    public int doWork() {
        if (failed) {
            clear();
            return 0;
        }
        Submission last = null;
        int bytes = 0;
        long memory = 0;
        while (true) {
            Submission next = queue.peek();
            if (next == null || (last != null && next.bytes > mostBytes - bytes)) {
                break;
            }
            queue.remove();
            group.addAll(next.records);
            bytes += next.bytes;
            memory += next.memory();
            last = next;
        }
        return last == null ? 0 : commit(last.number, bytes, memory);
    }

    @Override
    public long nextWorkNanos() {
        return queue.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    private int commit(long through, int bytes, long memory) {
        int records = group.size();
        long began = clock.nanos();
        try {
            if (records > 0) {
                log.write(group);
            }
        } catch (StorageException e) {
            fail(e);
            return 0;
        } catch (RuntimeException e) {
            fail(new StorageException(StorageException.Kind.IO, "the acceptor log broke: " + e, e));
            return 0;
        } finally {
            group.clear();
        }
        queuedBytes.addAndGet(-memory);
        commitTimer.record(clock.nanos() - began);
        commitBytes.record(bytes);
        commitRecords.record(records);
        listener.durable(through);
        return Math.max(1, records);
    }

    private void fail(StorageException cause) {
        failed = true;
        clear();
        listener.failed(cause);
    }

    private void clear() {
        queue.clear();
        queuedBytes.set(0);
    }

    private static int sizeOf(List<LogRecord> records) {
        long bytes = 0;
        for (LogRecord record : records) {
            bytes += record.size();
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }
}
