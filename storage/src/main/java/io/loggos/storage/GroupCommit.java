package io.loggos.storage;

import io.loggos.api.StorageException;
import io.loggos.api.StorageOptions;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.Agent;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Commits what the loop submits, for all logs of the node at once: whatever queued up while the last write was
 * being synced becomes the next write. No timer waits for company, so an idle node commits at once.
 *
 * <p>Two threads: one submits, one turns the crank; they share a lock-free queue. How much can queue up is
 * bounded by whoever submits (the bytes proposed and not yet chosen), not here.
 *
 * <p>A failed write is final (rules.md F-10): the listener is told once, nothing is ever reported durable again,
 * and what is submitted from then on is dropped.
 */
public final class GroupCommit implements Agent {
    /** Who is told what has become of submissions, on the thread that turns the crank. */
    public interface Listener {
        /** Every submission up to this number is durable as far as its records ask for it. */
        void durable(long through);

        /** A write failed. What was not reported durable may or may not be there; no later write will succeed. */
        void failed(StorageException cause);
    }

    private record Submission(long number, int bytes, List<LogRecord> records) {}

    private final AcceptorLog log;
    private final int mostBytes;
    private final Clock clock;
    private final Listener listener;
    private final Meters.Timer commitTimer;
    private final Meters.Summary commitBytes;
    private final Meters.Summary commitRecords;

    private final ConcurrentLinkedQueue<Submission> queue = new ConcurrentLinkedQueue<>();
    /** Only ever goes from false to true, by the committing thread; the submitting thread may see it late. */
    private volatile boolean failed;

    private volatile Waker waker = () -> {};

    /** Of the submitting thread alone. */
    private long submitted;

    /** Of the committing thread alone; keeps its room from write to write. */
    private final ArrayList<LogRecord> group = new ArrayList<>();

    public GroupCommit(AcceptorLog log, StorageOptions options, Meters meters, Clock clock, Listener listener) {
        this.log = log;
        this.mostBytes = options.groupCommitBytes();
        this.clock = clock;
        this.listener = listener;
        this.commitTimer = meters.timer("loggos.storage.commit");
        this.commitBytes = meters.summary("loggos.storage.commit.bytes", "bytes");
        this.commitRecords = meters.summary("loggos.storage.commit.records", "records");
    }

    /** Whom to wake when something was submitted; to be set before the first submission. */
    public void wakeWith(Waker newWaker) {
        waker = newWaker;
    }

    /**
     * Hands records over, to be written in this order and never in parts. One thread; returns at once.
     *
     * @return the number of this submission: 1, 2, 3…
     */
    public long submit(List<LogRecord> records) {
        submitted++;
        if (!failed) {
            queue.add(new Submission(submitted, sizeOf(records), records));
            waker.wake();
        }
        return submitted;
    }

    @Override
    public String name() {
        return "storage";
    }

    /** Writes what has queued, up to the bytes of one group, as one write; returns how many records that were. */
    @Override
    public int doWork() {
        if (failed) {
            queue.clear();
            return 0;
        }
        Submission last = null;
        int bytes = 0;
        while (true) {
            Submission next = queue.peek();
            if (next == null || (last != null && next.bytes > mostBytes - bytes)) {
                break;
            }
            queue.remove();
            group.addAll(next.records);
            bytes += next.bytes;
            last = next;
        }
        return last == null ? 0 : commit(last.number, bytes);
    }

    @Override
    public long nextWorkNanos() {
        return queue.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    private int commit(long through, int bytes) {
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
        commitTimer.record(clock.nanos() - began);
        commitBytes.record(bytes);
        commitRecords.record(records);
        listener.durable(through);
        return Math.max(1, records);
    }

    private void fail(StorageException cause) {
        failed = true;
        queue.clear();
        listener.failed(cause);
    }

    private static int sizeOf(List<LogRecord> records) {
        long bytes = 0;
        for (LogRecord record : records) {
            bytes += record.size();
        }
        return (int) Math.min(bytes, Integer.MAX_VALUE);
    }
}
