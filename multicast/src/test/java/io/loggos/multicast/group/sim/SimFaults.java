package io.loggos.multicast.group.sim;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.sim.SimSettings.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Lets things go wrong, one after the other, until it is told to stop; then mends all of it. */
final class SimFaults {
    private static final long MILLI = 1_000_000L;
    private static final List<Predicate<GroupMessage>> STEPS = List.of(
            GroupMessage.Flush.class::isInstance,
            GroupMessage.Flushed.class::isInstance,
            GroupMessage.Trim.class::isInstance,
            GroupMessage.Trimmed.class::isInstance,
            GroupMessage.Install.class::isInstance,
            GroupMessage.Agree.class::isInstance,
            message -> message instanceof Packet packet && !packet.order().isEmpty());

    private final SimCluster cluster;
    private final SplittableRandom random;
    private final List<Fault> kinds;
    private boolean stopped;

    SimFaults(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
        this.kinds = List.copyOf(cluster.settings.faults());
    }

    /** Starts the nodes, some of them later, and what goes wrong. */
    void start() {
        boolean together = random.nextBoolean();
        for (SimNode node : cluster.nodes.values()) {
            cluster.time.after(together ? 0 : aWhile() / 4, () -> begin(node));
        }
        if (!kinds.isEmpty()) {
            next();
        }
    }

    private void begin(SimNode node) {
        if (!node.isUp()) {
            node.start();
        }
        for (GroupId group : cluster.ghosts.keySet()) {
            if (random.nextInt(6) > 0) {
                node.join(group);
            }
        }
    }

    private void next() {
        long mean = cluster.settings.faultEveryNanos();
        cluster.time.after(random.nextLong(mean / 4, 2 * mean), () -> {
            if (!stopped) {
                strike(kinds.get(random.nextInt(kinds.size())));
                next();
            }
        });
    }

    /** Mends everything, starts what is down, and has all nodes join. */
    void stop() {
        stopped = true;
        cluster.trace("faults", () -> "are over");
        cluster.removeTrap();
        cluster.loseStates(false);
        cluster.network.healAll();
        cluster.network.delay(MILLI / 20, cluster.settings.mostDelayNanos());
        for (SimNode node : cluster.nodes.values()) {
            cluster.nodes.keySet().forEach(other -> cluster.network.bandwidth(node.id, other, 1L << 40));
            node.resume();
            begin(node);
            node.members.values().forEach(member -> member.application.slow(1));
        }
        all();
    }

    /** Who left, comes back. */
    private void all() {
        for (SimNode node : cluster.nodes.values()) {
            cluster.ghosts.keySet().forEach(node::join);
        }
        cluster.time.after(cluster.settings.electionNanos(), this::all);
    }

    private long aWhile() {
        return random.nextLong(1, 6 * cluster.settings.electionNanos());
    }

    private void later(Runnable mending) {
        cluster.time.after(aWhile(), () -> {
            if (!stopped) {
                mending.run();
            }
        });
    }

    private void strike(Fault fault) {
        SimNode one = cluster.any();
        SimNode other = cluster.any();
        switch (fault) {
            case KILL -> kill(one, false);
            case POWER_LOSS -> kill(one, true);
            case LEAVE -> leave(one);
            case BREAK_CONNECTION -> cluster.network.breakConnection(one.id, other.id);
            case PARTITION -> partition();
            case ONE_WAY_CUT -> oneWay(one.id, other.id);
            case PARTIAL_PARTITION -> partial();
            case PAUSE -> {
                one.pause();
                later(one::resume);
            }
            case LONG_DELAYS -> longDelays();
            case SLOW_WAY -> cluster.network.bandwidth(one.id, other.id, random.nextLong(20_000, 1_000_000));
            case KILL_IN_FLUSH -> {
                trap(SimNode::crashInTurn);
                later(() -> cluster.nodes.values().stream()
                        .filter(node -> !node.isUp())
                        .forEach(this::begin));
            }
            case PAUSE_IN_FLUSH ->
                trap(node -> {
                    node.pauseAfterTurn();
                    later(node::resume);
                });
            case KILL_SEQUENCER -> killFirst();
            case SLOW_APPLICATION ->
                one.members
                        .values()
                        .forEach(
                                member -> member.application.slow(random.nextInt(3) == 0 ? 1 : random.nextLong(2, 40)));
            case STUCK_APPLICATION -> {
                long patience = cluster.settings.options().slowMemberTimeout().toNanos();
                one.members.values().forEach(member -> member.application.stickFor(random.nextLong(2 * patience)));
            }
            case LOST_STATE -> cluster.loseStates(random.nextBoolean());
        }
    }

    private void kill(SimNode node, boolean silently) {
        if (node.isUp()) {
            node.crash(silently);
            later(() -> begin(node));
        }
    }

    private void leave(SimNode node) {
        new ArrayList<>(node.members.values()).forEach(SimMember::leave);
        later(() -> begin(node));
    }

    /** Something happens to whoever takes the drawn step of a view change; so that there is one, a member may fail. */
    private void trap(Consumer<SimNode> consequence) {
        cluster.setTrap(STEPS.get(random.nextInt(STEPS.size())), random.nextInt(4), consequence);
        if (random.nextBoolean()) {
            kill(cluster.any(), random.nextBoolean());
        }
    }

    /** The most senior member orders, and changes views. */
    private void killFirst() {
        for (SimMember member : cluster.members()) {
            GroupView view = member.process.view();
            if (view != null) {
                kill(cluster.node(view.member(0).node()), random.nextBoolean());
                return;
            }
        }
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

    private void partial() {
        for (NodeId a : cluster.nodes.keySet()) {
            for (NodeId b : cluster.nodes.keySet()) {
                if (a.compareTo(b) < 0 && random.nextInt(3) == 0) {
                    cluster.trace(a, () -> "is cut from " + b);
                    cluster.network.cutBoth(a, b);
                    later(() -> cluster.network.healBoth(a, b));
                }
            }
        }
    }

    private void longDelays() {
        long most = random.nextLong(
                cluster.settings.mostDelayNanos(),
                cluster.settings.mostDelayNanos() + cluster.settings.electionNanos());
        cluster.network.delay(MILLI / 20, most);
        later(() -> cluster.network.delay(MILLI / 20, cluster.settings.mostDelayNanos()));
    }
}
