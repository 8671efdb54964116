package io.loggos.benchmarks.commands.snapshot;

import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Measurement;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Closed loop of puts, in stretches, and the snapshots that are taken while its clocks run. For one thread. */
final class PutStretches {
    private static final String PREFIX = "load";
    private static final int KEYS = 1 << 14;
    /** Time until the loop is steady, and until the effects of the stretch before are gone. */
    private static final int SETTLING_SECONDS = 1;

    private static final long COMPACTION_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final KeyValueCluster cluster;
    private final @Nullable PeriodicSnapshots snapshots;
    private final Measurement measurement = new Measurement();
    private final ClosedLoop loop;
    private long nextCompaction = System.nanoTime();

    /**
     * Creates a loop that has yet to run.
     *
     * @param snapshots null for none
     */
    PutStretches(KeyValueCluster cluster, SnapshotSettings settings, @Nullable PeriodicSnapshots snapshots) {
        this.cluster = cluster;
        this.snapshots = snapshots;
        PutWork work = new PutWork(cluster, PREFIX, KEYS, settings.payloadBytes());
        this.loop = new ClosedLoop(settings.inFlight(), work, measurement);
    }

    /**
     * Runs one more stretch, and returns a line for a person. A first snapshot covers everything since the last one; it
     * is complete before the clocks start. The load goes on until the last snapshot is complete.
     */
    String run(int seconds) {
        loop.begin();
        stepFor(SETTLING_SECONDS);
        if (snapshots != null) {
            snapshots.first();
            stepUntilComplete(snapshots);
        }
        long before = loop.succeeded();
        measurement.start();
        if (snapshots != null) {
            snapshots.begin();
        }
        stepFor(seconds);
        if (snapshots != null) {
            snapshots.stop();
        }
        measurement.stop();
        long puts = loop.succeeded() - before;
        if (snapshots != null) {
            stepUntilComplete(snapshots);
        }
        loop.end();
        return String.format(Locale.ROOT, "%,.0f puts/s", (double) puts / seconds);
    }

    Measurement measurement() {
        return measurement;
    }

    /** Returns the number of puts that have succeeded, measured or not. */
    long succeeded() {
        return loop.succeeded();
    }

    /** Returns the results of the snapshots. */
    SnapshotTimes times() {
        return snapshots == null ? SnapshotTimes.NONE : snapshots.times();
    }

    private void stepFor(int seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() - deadline < 0) {
            step();
        }
    }

    private void stepUntilComplete(PeriodicSnapshots taken) {
        while (taken.isBusy()) {
            step();
        }
    }

    /** Makes a step, and compacts old revisions at regular times so that the state does not grow. */
    private void step() {
        loop.step();
        long now = System.nanoTime();
        if (now - nextCompaction >= 0) {
            nextCompaction = now + COMPACTION_NANOS;
            cluster.compact();
        }
    }
}
