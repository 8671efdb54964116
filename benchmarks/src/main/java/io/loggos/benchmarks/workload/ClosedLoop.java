package io.loggos.benchmarks.workload;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Keeps a fixed number of operations in flight: each that completes makes place for one more. What one thread calls;
 * the operations may complete on any.
 *
 * <p>A closed loop slows down with what it measures, so its latencies are those of a caller that waits for room, not of
 * one that arrives whatever happens.
 */
public final class ClosedLoop {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What is done again and again. */
    public interface Work {
        /** Before the first operation of a stretch. */
        default void begin() {}

        /** Starts one operation and returns without waiting for it. */
        void start(Operation operation);

        /** After the last operation of a stretch was started. */
        default void end() {}
    }

    private final int inFlight;
    private final Work work;
    private final Measurement measurement;
    private final BlockingQueue<Operation> completed;
    /** Taken from the queue, many at a time, and not yet looked at. */
    private final ArrayDeque<Operation> taken;

    private final ArrayDeque<Operation> idle;
    private long succeeded;

    public ClosedLoop(int inFlight, Work work, Measurement measurement) {
        this.inFlight = inFlight;
        this.work = work;
        this.measurement = measurement;
        this.completed = new ArrayBlockingQueue<>(inFlight);
        this.taken = new ArrayDeque<>(inFlight);
        this.idle = new ArrayDeque<>(inFlight);
        for (int i = 0; i < inFlight; i++) {
            idle.add(new Operation(completed));
        }
    }

    /** Fills the loop. */
    public void begin() {
        work.begin();
        while (!idle.isEmpty()) {
            start(idle.remove());
        }
    }

    /** Waits for one operation, records it and starts another. */
    public void step() {
        Operation operation = awaitOne();
        record(operation);
        start(operation);
    }

    /** Waits for all that are in flight. */
    public void end() {
        work.end();
        while (idle.size() < inFlight) {
            Operation operation = awaitOne();
            record(operation);
            idle.add(operation);
        }
    }

    /** How many operations have succeeded since the loop was made, measured or not. */
    public long succeeded() {
        return succeeded;
    }

    private void start(Operation operation) {
        operation.start();
        try {
            work.start(operation);
        } catch (RuntimeException e) {
            operation.complete(e);
        }
    }

    private void record(Operation operation) {
        Throwable failure = operation.failure();
        if (failure == null) {
            succeeded++;
            measurement.completed(operation.nanos(), 1);
        } else {
            measurement.failed(failure);
        }
    }

    private Operation awaitOne() {
        Operation next = taken.poll();
        if (next != null) {
            return next;
        }
        try {
            next = completed.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (next == null) {
            throw new IllegalStateException("no operation has completed for " + PATIENCE.toSeconds() + " s");
        }
        completed.drainTo(taken);
        return next;
    }
}
