package io.loggos.snapshot.sim;

import io.loggos.api.NodeId;
import io.loggos.snapshot.sim.SimSettings.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Lets things go wrong, one after the other, until it is told to stop; then mends all of it. */
final class SimFaults {
    private static final long MILLI = 1_000_000L;

    private final SimCluster cluster;
    private final SplittableRandom random;
    private final List<Fault> kinds;

    SimFaults(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
        this.kinds = List.copyOf(cluster.settings.faults());
    }

    void start() {
        cluster.setTurbulent(true);
        if (!kinds.isEmpty()) {
            next();
        }
    }

    private void next() {
        long mean = cluster.settings.faultEveryNanos();
        cluster.time.after(random.nextLong(mean / 4, 2 * mean), () -> {
            if (cluster.isTurbulent()) {
                strike(kinds.get(random.nextInt(kinds.size())));
                next();
            }
        });
    }

    /** Mends everything and starts what is down. */
    void stop() {
        cluster.setTurbulent(false);
        cluster.trace("faults", () -> "are over");
        cluster.network.healAll();
        cluster.network.delay(MILLI / 20, cluster.settings.mostDelayNanos());
        for (SimNode node : cluster.nodes.values()) {
            cluster.nodes.keySet().forEach(other -> cluster.network.bandwidth(node.id, other, 1L << 40));
            node.resume();
            restart(node);
        }
    }

    private void restart(SimNode node) {
        if (!node.isUp()) {
            node.start();
        }
    }

    private void later(Runnable mending) {
        cluster.time.after(random.nextLong(5, 600) * MILLI, () -> {
            if (cluster.isTurbulent()) {
                mending.run();
            }
        });
    }

    private void strike(Fault fault) {
        SimNode one = cluster.any();
        SimNode other = cluster.any();
        SimLife life = one.life();
        if (life == null) {
            return;
        }
        switch (fault) {
            case KILL -> kill(one, false);
            case POWER_LOSS -> kill(one, true);
            case BREAK_CONNECTION -> cluster.network.breakConnection(one.id, other.id);
            case PARTITION -> partition();
            case ONE_WAY_CUT -> oneWay(one.id, other.id);
            case PAUSE -> {
                one.pause();
                later(one::resume);
            }
            case LONG_DELAYS -> longDelays();
            case FLOOD -> flood(life, other.id);
            case VIEW_CHANGE -> cluster.group.change();
            case EXCLUDE -> cluster.group.exclude(life);
            case LOST_STATE -> life.turn(() -> life.process.onStateLost("a state machine was closed"));
            case FAILED_EFFECT, REFUSED_STATE, SHORT_DEADLINE -> {}
        }
    }

    private void kill(SimNode node, boolean silently) {
        node.crash(silently);
        later(() -> restart(node));
    }

    private void partition() {
        List<NodeId> one = new ArrayList<>();
        List<NodeId> other = new ArrayList<>();
        cluster.nodes.keySet().forEach(id -> (random.nextBoolean() ? one : other).add(id));
        cluster.trace("partition", () -> one + " " + other);
        one.forEach(a -> other.forEach(b -> cluster.network.cutBoth(a, b)));
        later(() -> one.forEach(a -> other.forEach(b -> cluster.network.healBoth(a, b))));
    }

    private void oneWay(NodeId from, NodeId to) {
        if (!from.equals(to)) {
            cluster.trace(from, () -> "is not heard by " + to);
            cluster.network.cut(from, to);
            later(() -> cluster.network.heal(from, to));
        }
    }

    private void longDelays() {
        long most = random.nextLong(cluster.settings.mostDelayNanos(), cluster.settings.mostDelayNanos() + 300 * MILLI);
        cluster.network.delay(MILLI / 20, most);
        later(() -> cluster.network.delay(MILLI / 20, cluster.settings.mostDelayNanos()));
    }

    /** More than a link keeps, so that it may lose its generation. */
    private void flood(SimLife life, NodeId to) {
        if (!life.id().equals(to)) {
            cluster.network.bandwidth(life.id(), to, random.nextLong(50_000, 500_000));
            life.turn(() -> life.flood(to));
            later(() -> cluster.network.bandwidth(life.id(), to, 1L << 40));
        }
    }
}
