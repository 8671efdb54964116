package io.loggos.paxos.runtime.replica;

import io.loggos.api.OverloadPolicy;
import io.loggos.api.replica.ReplicaOptions;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * The room for the requests of a replica's callers that are not answered yet.
 *
 * <p>Every request takes room, with or without a payload, so their number is bounded, too. Any thread.
 */
final class PendingRoom {
    /** Memory of a command or read beside its payload: the future, its place in queues, and the wrappers of bytes. */
    static final int REQUEST_BYTES = 256;

    private final ReplicaOptions options;
    private final BooleanSupplier refused;
    private final AtomicLong bytes = new AtomicLong();

    /** Used only by callers that chose to wait for room. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition room = lock.newCondition();

    /**
     * Creates the empty room.
     *
     * @param refused tells if the replica takes no request any more, so that a wait is in vain
     */
    PendingRoom(ReplicaOptions options, BooleanSupplier refused) {
        this.options = options;
        this.refused = refused;
    }

    /** The memory of all pending requests, in bytes. */
    long bytes() {
        return bytes.get();
    }

    /** Takes room for a request. Returns false if there is none, or did not become any in the time of a request. */
    boolean take(int payloadBytes) {
        return tryTake(payloadBytes) || (options.overloadPolicy() == OverloadPolicy.WAIT && waitFor(payloadBytes));
    }

    /** Gives back the room of a request that has ended. */
    void giveBack(int payloadBytes) {
        bytes.addAndGet(-(long) REQUEST_BYTES - payloadBytes);
        wakeWaiting();
    }

    /** Lets the waiting callers look again. */
    void wakeWaiting() {
        if (options.overloadPolicy() == OverloadPolicy.WAIT) {
            lock.lock();
            try {
                room.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Beyond the limit there is room for one request's own memory, so that the largest command always fits alone. */
    private boolean tryTake(int payloadBytes) {
        long size = (long) REQUEST_BYTES + payloadBytes;
        if (bytes.addAndGet(size) <= options.maxPendingBytes() + REQUEST_BYTES) {
            return true;
        }
        bytes.addAndGet(-size);
        return false;
    }

    private boolean waitFor(int payloadBytes) {
        long left = options.requestTimeout().toNanos();
        lock.lock();
        try {
            while (left > 0 && !refused.getAsBoolean()) {
                if (tryTake(payloadBytes)) {
                    return true;
                }
                left = room.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return false;
    }
}
