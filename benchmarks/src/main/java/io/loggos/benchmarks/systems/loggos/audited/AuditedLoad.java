package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.Replica;
import io.loggos.benchmarks.harness.process.TrialFailure;
import java.util.BitSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Keeps commands in flight at one replica, from a thread of its own, and knows which of them were acknowledged. */
final class AuditedLoad {
    private static final long PATIENCE_SECONDS = 60;
    /** Before the next command when one was refused, so that a replica without a leader is not stormed. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Replica replica;
    private final long origin;
    private final int inFlight;
    private final int most;
    private final byte[] filler;
    private final Semaphore room;
    private final Thread thread = new Thread(this::run, "load");
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    /** Of the calls that have ended without an acknowledgement. */
    private final BitSet failed = new BitSet();

    private volatile int proposed;
    private volatile boolean stopped;
    private volatile boolean refused;

    /**
     * A load that has yet to begin.
     *
     * @param origin different for each load that a cluster ever sees
     * @param most commands in all
     */
    AuditedLoad(Replica replica, long origin, int inFlight, int payloadBytes, int most) {
        this.replica = replica;
        this.origin = origin;
        this.inFlight = inFlight;
        this.most = most;
        this.filler = AuditedCommand.filler(payloadBytes, origin);
        this.room = new Semaphore(inFlight);
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** How many were proposed so far. */
    int proposed() {
        return proposed;
    }

    /** Whether all commands were proposed and have ended. */
    boolean isOver() {
        return proposed == most && room.availablePermits() == inFlight;
    }

    /** The first failure, if there was any: an answer that was not an acknowledgement. */
    @Nullable
    Throwable firstFailure() {
        return firstFailure.get();
    }

    /** Proposes no more, waits for what is in flight, and tells what was acknowledged. */
    Acknowledged stop() throws InterruptedException {
        stopped = true;
        thread.join();
        if (!room.tryAcquire(inFlight, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new TrialFailure(inFlight - room.availablePermits() + " commands were never answered");
        }
        room.release(inFlight);
        synchronized (failed) {
            return new Acknowledged(origin, proposed, failed);
        }
    }

    private void run() {
        int sequence = 0;
        while (!stopped && sequence < most) {
            try {
                // With a deadline, so that it sees that it was stopped.
                if (!room.tryAcquire(PAUSE_NANOS * 100, TimeUnit.NANOSECONDS)) {
                    continue;
                }
            } catch (InterruptedException e) {
                return;
            }
            if (refused) {
                refused = false;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            int number = sequence++;
            proposed = sequence;
            var unused = replica.propose(AuditedCommand.of(origin, number, filler))
                    .whenComplete((result, failure) -> ended(number, failure));
        }
    }

    private void ended(int number, @Nullable Throwable failure) {
        if (failure != null) {
            synchronized (failed) {
                failed.set(number);
            }
            firstFailure.compareAndSet(null, failure);
            refused = true;
        }
        room.release();
    }
}
