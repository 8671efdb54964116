package io.loggos.snapshot.sim;

import io.loggos.api.NodeId;
import io.loggos.snapshot.sim.SimSettings.Fault;
import io.loggos.testkit.sim.Faults;
import java.util.SplittableRandom;

/** Faults of nodes, of their group and of their state machines. */
final class SimFaults extends Faults<Fault> {
    private static final long MILLI = 1_000_000L;

    private final SimCluster cluster;

    SimFaults(SimCluster cluster, SplittableRandom random) {
        super(cluster, random, cluster.nodes.keySet(), cluster.settings.faults(), cluster.settings.faultEveryNanos());
        this.cluster = cluster;
    }

    @Override
    public void start() {
        cluster.setTurbulent(true);
        super.start();
    }

    /** Mends everything and starts what is down. */
    @Override
    protected void mend() {
        cluster.setTurbulent(false);
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

    @Override
    protected long aWhile() {
        return random.nextLong(5, 600) * MILLI;
    }

    @Override
    protected void strike(Fault fault) {
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
            case ONE_WAY_CUT -> oneWayCut(one.id, other.id);
            case PAUSE -> {
                one.pause();
                later(one::resume);
            }
            case LONG_DELAYS -> longDelays(longDelayNanos());
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

    private long longDelayNanos() {
        long usual = cluster.settings.mostDelayNanos();
        return random.nextLong(usual, usual + 300 * MILLI);
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
