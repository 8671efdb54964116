package io.loggos.multicast.group.sim;

import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.Ordering;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.sim.SimSettings.Fault;
import io.loggos.testkit.sim.Faults;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Faults of nodes, of groups and of the applications behind them. */
final class SimFaults extends Faults<Fault> {
    private static final List<Predicate<GroupMessage>> STEPS = List.of(
            GroupMessage.Flush.class::isInstance,
            GroupMessage.Flushed.class::isInstance,
            GroupMessage.Trim.class::isInstance,
            GroupMessage.Trimmed.class::isInstance,
            GroupMessage.Install.class::isInstance,
            GroupMessage.Agree.class::isInstance,
            GroupMessage.Join.class::isInstance,
            GroupMessage.Leave.class::isInstance,
            GroupMessage.Absent.class::isInstance,
            GroupMessage.Presence.class::isInstance,
            GroupMessage.Restored.class::isInstance,
            message -> message instanceof Packet packet && !packet.order().isEmpty());

    private static final int BURSTS = 12;
    private static final int BURST = 12;
    private static final int BURST_BYTES = 10 << 10;

    private final SimCluster cluster;

    SimFaults(SimCluster cluster, SplittableRandom random) {
        super(cluster, random, cluster.nodes.keySet(), cluster.settings.faults(), cluster.settings.faultEveryNanos());
        this.cluster = cluster;
    }

    /** Starts the nodes, some of them later, and what goes wrong. */
    @Override
    public void start() {
        boolean together = random.nextBoolean();
        for (SimNode node : cluster.nodes.values()) {
            cluster.time.after(together ? 0 : aWhile() / 4, () -> begin(node));
        }
        super.start();
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

    /** Mends everything, starts what is down, and has all nodes join. */
    @Override
    protected void mend() {
        cluster.removeTrap();
        cluster.loseStates(false);
        for (SimNode node : cluster.nodes.values()) {
            cluster.nodes.keySet().forEach(other -> cluster.network.bandwidth(node.id, other, 1L << 40));
            node.resume();
            begin(node);
            node.members.values().forEach(member -> member.application.slow(1));
            node.slowTransfers(1);
            node.failRestores(false);
        }
        all();
    }

    /** Lets all nodes that have left join again, unless they left for good, and again after a while. */
    private void all() {
        for (SimNode node : cluster.nodes.values()) {
            cluster.ghosts.keySet().forEach(node::join);
        }
        cluster.time.after(cluster.settings.electionNanos(), this::all);
    }

    @Override
    protected long aWhile() {
        return random.nextLong(1, 6 * cluster.settings.electionNanos());
    }

    @Override
    protected void strike(Fault fault) {
        cluster.disturbed();
        SimNode one = cluster.any();
        SimNode other = cluster.any();
        switch (fault) {
            case KILL -> kill(one, false);
            case POWER_LOSS -> kill(one, true);
            case LEAVE -> leave(one);
            case BREAK_CONNECTION -> cluster.network.breakConnection(one.id, other.id);
            case PARTITION -> partition();
            case ONE_WAY_CUT -> oneWayCut(one.id, other.id);
            case PARTIAL_PARTITION -> partialPartition();
            case PAUSE -> {
                one.pause();
                later(one::resume);
            }
            case LONG_DELAYS -> longDelays(longDelayNanos());
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
                one.members.values().forEach(member -> member.application.stickFor(random.nextLong(4 * patience)));
            }
            case LOST_STATE -> cluster.loseStates(random.nextBoolean());
            case FAILING_RESTORE -> {
                one.failRestores(true);
                later(() -> one.failRestores(false));
            }
            case SLOW_TRANSFER -> {
                one.slowTransfers(random.nextLong(2, 60));
                later(() -> one.slowTransfers(1));
                leave(one);
                cluster.time.after(cluster.settings.electionNanos() / 2, () -> begin(one));
                sendMuch(BURSTS);
            }
            case LEAVE_FOR_GOOD -> leaveForGood(one);
            case LEAVE_IN_STEP -> trap(SimNode::leaveAfterTurn);
            case LEAVE_WHILE_JOINING -> {
                begin(one);
                cluster.time.after(random.nextLong(cluster.settings.electionNanos() / 4), () -> leave(one));
            }
            case FAST_RESTART -> {
                if (one.isUp()) {
                    if (!cluster.settings.byLog() && random.nextInt(3) == 0) {
                        wantsNoMore(one);
                    }
                    one.restart();
                    if (random.nextBoolean()) {
                        begin(one);
                    } else {
                        later(() -> begin(one));
                    }
                }
            }
        }
    }

    private void kill(SimNode node, boolean silently) {
        if (node.isUp()) {
            node.crash(silently);
            later(() -> begin(node));
        }
    }

    /** Leaves the groups that it wants no more. */
    private void leaveForGood(SimNode node) {
        wantsNoMore(node);
        for (SimMember member : List.copyOf(node.members.values())) {
            if (node.done.contains(member.group)) {
                member.leave();
            }
        }
    }

    /** From now on a node does not join its groups again; at least one other node stays a user of each. */
    private void wantsNoMore(SimNode node) {
        for (GroupId group : node.members.keySet()) {
            boolean isLast =
                    cluster.nodes.values().stream().allMatch(other -> other == node || other.done.contains(group));
            if (!isLast) {
                node.done.add(group);
            }
        }
    }

    /** Has all members send so much that it may be too much for one that waits for the state. */
    private void sendMuch(int bursts) {
        for (SimMember member : cluster.members()) {
            for (int i = 0; i < BURST; i++) {
                member.submit(Ordering.FIFO, Delivery.ON_RECEIPT, null, BURST_BYTES);
            }
        }
        if (bursts > 1) {
            cluster.time.after(cluster.settings.electionNanos() / 4, () -> sendMuch(bursts - 1));
        }
    }

    private void leave(SimNode node) {
        new ArrayList<>(node.members.values()).forEach(SimMember::leave);
        later(() -> begin(node));
    }

    /** Sets a trap for the node that takes the drawn step of a view change; a member may fail, so that there is one. */
    private void trap(Consumer<SimNode> consequence) {
        cluster.setTrap(STEPS.get(random.nextInt(STEPS.size())), random.nextInt(4), consequence);
        if (random.nextBoolean()) {
            kill(cluster.any(), random.nextBoolean());
        }
    }

    /** Kills the most senior member, which orders messages and changes views. */
    private void killFirst() {
        for (SimMember member : cluster.members()) {
            GroupView view = member.process.view();
            if (view != null) {
                kill(cluster.node(view.member(0).node()), random.nextBoolean());
                return;
            }
        }
    }

    private long longDelayNanos() {
        long usual = cluster.settings.mostDelayNanos();
        return random.nextLong(usual, usual + cluster.settings.electionNanos());
    }
}
