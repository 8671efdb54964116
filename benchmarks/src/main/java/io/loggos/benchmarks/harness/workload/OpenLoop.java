package io.loggos.benchmarks.harness.workload;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Loop that starts operations at a fixed rate. The n-th operation of a stretch is due n intervals after its beginning.
 * Its latency counts from then, also if the loop itself is late (no coordinated omission). Operations that are due
 * together are started together, in the order of the schedule. One thread drives it; the operations may complete on
 * any.
 *
 * <p>Operations are used again once they are over, and there are never more than {@value #MOST}. The loop itself
 * refuses whatever is due beyond that. A system that refuses nothing thus cannot take all memory.
 */
public final class OpenLoop implements Loop {
    /**
     * Highest number of operations: more than Loggos has under way before it refuses, with commands of 64 bytes and
     * more.
     */
    static final int MOST = 1 << 20;

    /** Number of operations that are started before the loop looks for completions. */
    private static final int BURST = 256;

    private static final double SECOND_NANOS = 1e9;

    private final double intervalNanos;
    private final Work work;
    private final Measurement measurement;
    private final Predicate<Throwable> refusal;
    private final Clock clock;
    private final Latencies latencies;
    private final Completions completions;
    private @Nullable Operation idle;
    private int made;
    private int underWay;
    private long originNanos;
    private long due;
    private long succeeded;

    /**
     * Creates a loop.
     *
     * @param refusal tells which failures are refusals because of overload; the others are errors
     */
    public OpenLoop(
            double ratePerSecond, Work work, Measurement measurement, Predicate<Throwable> refusal, Clock clock) {
        this.intervalNanos = SECOND_NANOS / ratePerSecond;
        this.work = work;
        this.measurement = measurement;
        this.refusal = refusal;
        this.clock = clock;
        this.latencies = measurement.newLatencies();
        this.completions = new Completions(clock);
    }

    /** Starts the schedule. */
    @Override
    public void begin() {
        work.begin();
        originNanos = clock.nanos();
        due = 0;
    }

    /** Records completed operations and starts those that are due. If there are none, it pauses until one is due. */
    @Override
    public void step() {
        Operation completed = completions.takeAll();
        boolean busy = completed != null;
        record(completed);
        long now = clock.nanos();
        for (int i = 0; i < BURST && dueNanos() - now <= 0; i++) {
            startNext();
            busy = true;
        }
        if (!busy) {
            clock.pauseUntil(dueNanos());
        }
    }

    @Override
    public void end() {
        work.end();
        while (underWay > 0) {
            record(completions.awaitSome());
        }
    }

    @Override
    public long succeeded() {
        return succeeded;
    }

    private long dueNanos() {
        return originNanos + (long) (due * intervalNanos);
    }

    private void startNext() {
        long dueNanos = dueNanos();
        due++;
        Operation operation = take();
        if (operation == null) {
            latencies.refused();
            return;
        }
        underWay++;
        operation.start(dueNanos);
        try {
            work.start(operation);
        } catch (RuntimeException e) {
            operation.complete(e);
        }
    }

    private @Nullable Operation take() {
        Operation operation = idle;
        if (operation != null) {
            idle = operation.next;
            return operation;
        }
        if (made == MOST) {
            return null;
        }
        made++;
        return new Operation(completions);
    }

    private void record(@Nullable Operation completed) {
        Operation operation = completed;
        while (operation != null) {
            Operation following = operation.next;
            Throwable failure = operation.failure();
            if (failure == null) {
                succeeded++;
                latencies.completed(operation.nanos(), 1);
            } else if (refusal.test(failure)) {
                latencies.refused();
            } else {
                measurement.failed(failure);
            }
            underWay--;
            operation.next = idle;
            idle = operation;
            operation = following;
        }
    }
}
