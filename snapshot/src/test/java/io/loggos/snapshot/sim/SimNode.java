package io.loggos.snapshot.sim;

import io.loggos.api.NodeId;
import io.loggos.testkit.network.MemoryRoster;
import org.jspecify.annotations.Nullable;

/** A node over its lives. */
final class SimNode {
    final NodeId id;
    final MemoryRoster roster;
    private final SimCluster cluster;
    private long lives;
    private @Nullable SimLife life;

    SimNode(SimCluster cluster, NodeId id) {
        this.cluster = cluster;
        this.id = id;
        this.roster = new MemoryRoster(id.value());
    }

    @Nullable
    SimLife life() {
        return life;
    }

    boolean isUp() {
        return life != null;
    }

    void start() {
        cluster.trace(id, () -> "starts");
        SimLife next = new SimLife(cluster, this, ++lives);
        life = next;
        next.start();
        cluster.group.join(next);
    }

    /** @param silently whether the others see nothing of it */
    void crash(boolean silently) {
        SimLife present = life;
        if (present != null) {
            life = null;
            present.loop.crash(silently);
            cluster.group.crashed();
        }
    }

    void pause() {
        SimLife present = life;
        if (present != null) {
            present.loop.pause();
        }
    }

    void resume() {
        SimLife present = life;
        if (present != null) {
            present.loop.resume();
        }
    }
}
