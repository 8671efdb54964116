package io.loggos.benchmarks.snapshot;

import io.loggos.benchmarks.workload.ClosedLoop;
import io.loggos.benchmarks.workload.Measurement;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A closed loop of puts, in stretches, and the snapshots that are taken while its clocks run. For one thread. */
final class PutStretches {
    private static final String PREFIX = "load";
    private static final int KEYS = 1 << 14;
    /** What the loop needs to be even before the clocks start, and what a change of side leaves behind. */
    private static final int SETTLING_SECONDS = 1;

    private final KeyValueCluster cluster;
    private final @Nullable PeriodicSnapshots snapshots;
    private final Measurement measurement = new Measurement();
    private final ClosedLoop loop;

    /** @param snapshots null for none */
    PutStretches(KeyValueCluster cluster, SnapshotSettings settings, @Nullable PeriodicSnapshots snapshots) {
        this.cluster = cluster;
        this.snapshots = snapshots;
        PutWork work = new PutWork(cluster, PREFIX, KEYS, settings.payloadBytes());
        this.loop = new ClosedLoop(settings.inFlight(), work, measurement);
    }

    /** One more stretch. The load goes on until the last snapshot of it is complete. Returns a line for a person. */
    String run(int seconds) {
        cluster.compact();
        loop.begin();
        stepFor(SETTLING_SECONDS);
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
        while (snapshots != null && snapshots.isBusy()) {
            loop.step();
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
            loop.step();
        }
    }
}
