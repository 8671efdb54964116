package io.loggos.benchmarks.commands.snapshot;

import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Measurement;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A closed loop of puts, in stretches, and the snapshots that are taken while its clocks run. For one thread. */
final class PutStretches {
    private static final String PREFIX = "load";
    private static final int KEYS = 1 << 14;
    /** What the loop needs to be even before the clocks start, and what a change of side leaves behind. */
    private static final int SETTLING_SECONDS = 1;

    private static final long COMPACTION_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final KeyValueCluster cluster;
    private final @Nullable PeriodicSnapshots snapshots;
    private final Measurement measurement = new Measurement();
    private final ClosedLoop loop;
    private long nextCompaction = System.nanoTime();

    /** @param snapshots null for none */
    PutStretches(KeyValueCluster cluster, SnapshotSettings settings, @Nullable PeriodicSnapshots snapshots) {
        this.cluster = cluster;
        this.snapshots = snapshots;
        PutWork work = new PutWork(cluster, PREFIX, KEYS, settings.payloadBytes());
        this.loop = new ClosedLoop(settings.inFlight(), work, measurement);
    }

    /**
     * One more stretch. A first snapshot, which has to do with all that happened since the last, is complete before the clocks
     * start; the load goes on until the last one is. Returns a line for a person.
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

    /** Puts that have succeeded, measured or not. */
    long succeeded() {
        return loop.succeeded();
    }

    /** What became of the snapshots. */
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

    /** The old revisions are forgotten at regular times, so that the state does not grow. */
    private void step() {
        loop.step();
        long now = System.nanoTime();
        if (now - nextCompaction >= 0) {
            nextCompaction = now + COMPACTION_NANOS;
            cluster.compact();
        }
    }
}
