package io.loggos.benchmarks.commands.snapshot;

import io.loggos.api.snapshot.GlobalSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Takes snapshots at regular times, of each node in turn, and records the time that each takes. A snapshot that is due
 * while the last is still under way is left out. All calls are from one thread, except those of the timer and of
 * completions.
 */
final class PeriodicSnapshots implements AutoCloseable {
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<Supplier<CompletableFuture<GlobalSnapshot>>> nodes;
    private final Duration every;
    private final ScheduledExecutorService clock;
    private final Histogram nanos = new Histogram(LONGEST_NANOS, DIGITS);
    private @Nullable ScheduledFuture<?> ticking;
    private double firstMillis = Double.NaN;
    private boolean underWay;
    private long due;
    private long failed;

    /**
     * Creates a timer that is idle until {@link #begin}.
     *
     * @param nodes functions that take a snapshot at each node; a complete snapshot has all of these nodes
     */
    PeriodicSnapshots(List<Supplier<CompletableFuture<GlobalSnapshot>>> nodes, Duration every) {
        this.nodes = List.copyOf(nodes);
        this.every = every;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "snapshots");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Takes a snapshot at once, which is in no count but that of failures. */
    synchronized void first() {
        underWay = true;
        long begun = System.nanoTime();
        CompletableFuture<?> unused =
                take(nodes.get(0)).whenComplete((snapshot, failure) -> firstEnded(begun, snapshot, failure));
    }

    private synchronized void firstEnded(long begun, @Nullable GlobalSnapshot snapshot, @Nullable Throwable failure) {
        if (ended(snapshot, failure)) {
            double millis = (System.nanoTime() - begun) / NANOS_PER_MILLI;
            firstMillis = Double.isNaN(firstMillis) ? millis : Math.max(firstMillis, millis);
        }
    }

    /**
     * Starts the timer. The first snapshot is due after half a period, so that a whole number of periods has as many
     * snapshots.
     */
    synchronized void begin() {
        ticking = clock.scheduleAtFixedRate(this::tick, every.toNanos() / 2, every.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Stops the timer; a snapshot may still be under way. */
    synchronized void stop() {
        if (ticking != null) {
            ticking.cancel(false);
            ticking = null;
        }
    }

    /** Tells if a snapshot is under way. */
    synchronized boolean isBusy() {
        return underWay;
    }

    /** Returns the results so far. */
    synchronized SnapshotTimes times() {
        long taken = nanos.getTotalCount();
        return new SnapshotTimes(due, taken, failed, firstMillis, millis(50), millis(99));
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private double millis(double percentile) {
        return nanos.getTotalCount() == 0 ? Double.NaN : nanos.getValueAtPercentile(percentile) / NANOS_PER_MILLI;
    }

    private synchronized void tick() {
        if (ticking == null) {
            return;
        }
        Supplier<CompletableFuture<GlobalSnapshot>> node = nodes.get((int) (due++ % nodes.size()));
        if (underWay) {
            return;
        }
        underWay = true;
        long begun = System.nanoTime();
        CompletableFuture<?> unused = take(node).whenComplete((snapshot, failure) -> counted(begun, snapshot, failure));
    }

    private synchronized void counted(long begun, @Nullable GlobalSnapshot snapshot, @Nullable Throwable failure) {
        if (ended(snapshot, failure)) {
            nanos.recordValue(Math.min(System.nanoTime() - begun, LONGEST_NANOS));
        }
    }

    private static CompletableFuture<GlobalSnapshot> take(Supplier<CompletableFuture<GlobalSnapshot>> node) {
        try {
            return node.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Tells if the snapshot is complete, with all nodes. */
    private boolean ended(@Nullable GlobalSnapshot snapshot, @Nullable Throwable failure) {
        underWay = false;
        if (snapshot != null && snapshot.nodes().size() == nodes.size()) {
            return true;
        }
        failed++;
        System.err.println("a snapshot failed: "
                + (snapshot == null ? failure : "only " + snapshot.nodes().keySet()));
        return false;
    }
}
