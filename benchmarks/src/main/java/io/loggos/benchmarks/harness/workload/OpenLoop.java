package io.loggos.benchmarks.harness.workload;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Starts operations at a fixed rate, whatever becomes of them: the n-th of a stretch is due at n intervals after its
 * beginning, and its latency counts from then, also if the loop itself is late (no coordinated omission). What is due
 * together is started together, in the order of the schedule. What one thread drives; the operations may complete on
 * any.
 *
 * <p>The operations are used again once they are over, and there are never more than {@value #MOST}: what is due beyond
 * that is refused by the loop itself, so that a system that refuses nothing cannot take all memory.
 */
public final class OpenLoop implements Loop {
    /** More than Loggos has under way before it refuses, with commands of 64 bytes and more. */
    static final int MOST = 1 << 20;

    /** How many are started before the loop looks for what has completed. */
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
     * A loop.
     *
     * @param refusal which failures say that there was too much to do; the others are errors
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

    /** The schedule begins now. */
    @Override
    public void begin() {
        work.begin();
        originNanos = clock.nanos();
        due = 0;
    }

    /** Records what has completed and starts what is due; if there is neither, pauses until something is due. */
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
