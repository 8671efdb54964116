package io.loggos.snapshot.sim;

import io.loggos.snapshot.sim.SimSettings.Fault;
import java.util.SplittableRandom;

/** Traffic of the applications, and snapshots at random times and nodes. */
final class SimTraffic {
    private static final long MILLI = 1_000_000L;
    /** Longer than any calm snapshot takes. */
    static final long PATIENCE_NANOS = 10_000 * MILLI;

    private final SimCluster cluster;
    private final SplittableRandom random;
    private boolean acting;
    private boolean snapping;

    SimTraffic(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
    }

    void start() {
        acting = true;
        snapping = true;
        cluster.nodes.values().forEach(this::act);
        snap();
    }

    void stopSnapshots() {
        snapping = false;
    }

    void stop() {
        acting = false;
    }

    /** Messages go on, without snapshots. */
    void goOn() {
        acting = true;
        cluster.nodes.values().forEach(this::act);
    }

    private void act(SimNode node) {
        cluster.time.after(random.nextLong(2 * cluster.settings.actEveryNanos()), () -> {
            SimLife life = node.life();
            if (acting) {
                if (life != null) {
                    life.turn(() -> life.act(random.nextInt(4)));
                }
                act(node);
            }
        });
    }

    private void snap() {
        cluster.time.after(random.nextLong(2 * cluster.settings.snapshotEveryNanos()), () -> {
            if (snapping) {
                int together = random.nextInt(4) == 0 ? 2 + random.nextInt(2) : 1;
                for (int i = 0; i < together; i++) {
                    snapshot(cluster.any());
                }
                snap();
            }
        });
    }

    private void snapshot(SimNode node) {
        SimLife life = node.life();
        if (life != null) {
            long deadline = cluster.settings.isCalm() ? PATIENCE_NANOS : random.nextLong(300, 3_000) * MILLI;
            if (cluster.settings.has(Fault.SHORT_DEADLINE) && random.nextInt(4) == 0) {
                deadline = random.nextLong(60 * MILLI);
            }
            long within = deadline;
            life.turn(() -> life.startSnapshot(within));
        }
    }
}
