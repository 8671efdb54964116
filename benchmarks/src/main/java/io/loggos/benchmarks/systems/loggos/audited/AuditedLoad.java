package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.replica.Replica;
import io.loggos.benchmarks.harness.process.TrialFailure;
import java.util.BitSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Load that keeps commands in flight at one replica, from a thread of its own, and knows the acknowledged ones. */
final class AuditedLoad {
    private static final long PATIENCE_SECONDS = 60;
    /** Pause after a refusal, so that a replica without a leader is not flooded. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Replica replica;
    private final long origin;
    private final int inFlight;
    private final int most;
    private final byte[] filler;
    private final Semaphore room;
    private final Thread thread = new Thread(this::run, "load");
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();
    /** Numbers of the calls that have ended without an acknowledgement. */
    private final BitSet failed = new BitSet();

    private volatile int proposed;
    private volatile boolean stopped;
    private volatile boolean refused;

    /**
     * Creates a load that has yet to start.
     *
     * @param origin number that is different for each load of a cluster
     * @param most number of commands in all
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

    /** Returns the number of commands proposed so far. */
    int proposed() {
        return proposed;
    }

    /** Tells if all commands were proposed and have ended. */
    boolean isOver() {
        return proposed == most && room.availablePermits() == inFlight;
    }

    /** Returns the first answer that was not an acknowledgement; null if there was none. */
    @Nullable
    Throwable firstFailure() {
        return firstFailure.get();
    }

    /** Stops proposing, waits for the commands in flight, and returns the acknowledged ones. */
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
                // With a deadline, so that the thread notices a stop.
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
