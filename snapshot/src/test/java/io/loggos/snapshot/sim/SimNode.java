package io.loggos.snapshot.sim;

import io.loggos.api.NodeId;
import io.loggos.multicast.testkit.MemoryRoster;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A node over its lives, and the loop that turns them. */
final class SimNode {
    final NodeId id;
    final MemoryRoster roster;
    private final SimCluster cluster;
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    private long lives;
    private @Nullable SimLife life;
    private boolean paused;
    private boolean turning;
    private long tickAtNanos = Long.MAX_VALUE;

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
        turn(next, next::start);
        cluster.group.join(next);
    }

    /** @param silently whether the others see nothing of it */
    void crash(boolean silently) {
        if (!isUp()) {
            return;
        }
        cluster.trace(id, () -> silently ? "loses power" : "crashes");
        if (silently) {
            cluster.network.powerOff(id);
        } else {
            cluster.network.crash(id);
        }
        life = null;
        inbox.clear();
        tickAtNanos = Long.MAX_VALUE;
        paused = false;
        cluster.network.resume(id);
        cluster.group.crashed();
    }

    void pause() {
        if (isUp()) {
            cluster.trace(id, () -> "is paused");
            paused = true;
            cluster.network.pause(id);
        }
    }

    void resume() {
        SimLife present = life;
        if (!paused || present == null) {
            return;
        }
        cluster.trace(id, () -> "goes on");
        paused = false;
        cluster.network.resume(id);
        while (!inbox.isEmpty() && isUp()) {
            inbox.remove().run();
        }
        turn(present, () -> {});
    }

    boolean isPaused() {
        return paused;
    }

    /** One turn of the loop: an event, what is due, and everything out. Nothing happens if the life is over. */
    void turn(SimLife of, Runnable event) {
        if (life != of) {
            return;
        }
        if (paused) {
            inbox.add(() -> turn(of, event));
            return;
        }
        if (turning) {
            throw new IllegalStateException("a turn within a turn");
        }
        turning = true;
        try {
            event.run();
            of.endTurn();
        } finally {
            turning = false;
        }
        cluster.turned();
        schedule(of);
    }

    private void schedule(SimLife of) {
        long next = of.nextTickNanos();
        if (next < tickAtNanos || tickAtNanos <= cluster.time.nanos()) {
            tickAtNanos = next;
            cluster.time.at(next, () -> {
                if (tickAtNanos == next && life == of) {
                    tickAtNanos = Long.MAX_VALUE;
                    if (!paused) {
                        turn(of, () -> {});
                    }
                }
            });
        }
    }
}
