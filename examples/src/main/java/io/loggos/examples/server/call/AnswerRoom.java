package io.loggos.examples.server.call;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the bytes of large answers that clients have not taken yet, over all connections. So clients that ask and do
 * not read cannot fill the heap.
 *
 * <p>A read that finds no room is refused after a short wait. A write is asked for only while there is room, since it
 * cannot be refused once it has taken effect. Safe for use by any thread.
 */
public final class AnswerRoom {
    private static final long LEAST_BYTES = 16L << 20;
    /** Part of the heap that such answers may take. */
    private static final int ROOMS_PER_HEAP = 4;
    /** Largest answer of a write, which the store bounds. */
    private static final long WRITE_BYTES = 16L << 20;

    private static final int MOST_WRITES = 16;
    private static final int MOST_WAITING = 1024;
    private static final long WAIT_MILLIS = 1000;

    private final long bytes;
    private final int writes;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition released = lock.newCondition();
    private final Deque<Runnable> waiting = new ArrayDeque<>();
    private long taken;
    private int writing;

    /** Creates room for a part of the heap. */
    public AnswerRoom() {
        this(Math.max(LEAST_BYTES, Runtime.getRuntime().maxMemory() / ROOMS_PER_HEAP));
    }

    AnswerRoom(long bytes) {
        this.bytes = bytes;
        writes = (int) Math.max(1, Math.min(MOST_WRITES, bytes / WRITE_BYTES));
    }

    /**
     * Takes room for the answer of a read. One answer always has room if there is no other.
     *
     * @return false if there is none for a second
     */
    boolean takeForRead(long answer) {
        long nanos = TimeUnit.MILLISECONDS.toNanos(WAIT_MILLIS);
        lock.lock();
        try {
            while (taken > 0 && taken + answer > bytes) {
                if (nanos <= 0) {
                    return false;
                }
                nanos = released.awaitNanos(nanos);
            }
            taken += answer;
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Begins a write with a large answer, now or when earlier ones have ended.
     *
     * @return false if it is refused: there is no room, or too many wait
     */
    boolean beginWrite(Runnable write) {
        lock.lock();
        try {
            if (taken > bytes || waiting.size() == MOST_WAITING) {
                return false;
            }
            if (writing == writes) {
                waiting.add(write);
                return true;
            }
            writing++;
        } finally {
            lock.unlock();
        }
        write.run();
        return true;
    }

    /** Ends a write: its answer is known. The next one runs on the executor. */
    void endWrite(long answer, Executor executor) {
        Runnable next;
        lock.lock();
        try {
            taken += answer;
            next = waiting.poll();
            if (next == null) {
                writing--;
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            executor.execute(next);
        }
    }

    /** Gives room back: the client has taken its answer, or has gone. */
    void release(long answer) {
        lock.lock();
        try {
            taken -= answer;
            released.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
