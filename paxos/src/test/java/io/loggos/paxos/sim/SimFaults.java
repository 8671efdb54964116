package io.loggos.paxos.sim;

import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.paxos.sim.SimSettings.Fault;
import io.loggos.testkit.sim.Faults;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Faults of nodes, of their disks and of what they believe of each other. */
public final class SimFaults extends Faults<Fault> {
    private static final long MILLI = 1_000_000L;
    private static final long HOUR_MILLIS = 3_600_000L;

    private final SimCluster cluster;
    /** Only this node's disk rots or is lost, so that there is a sound copy of everything. */
    private final SimNode rotting;

    /** Their next write fails, if that has not happened yet. */
    private final Set<SimNode> failing = new LinkedHashSet<>();

    private @Nullable OlderCopy copy;
    /** True once a copy was put back. */
    private boolean copied;

    private boolean over;

    public SimFaults(SimCluster cluster, SplittableRandom random) {
        super(
                cluster,
                random,
                cluster.ids(),
                cluster.settings().faults(),
                cluster.settings().faultEveryNanos());
        this.cluster = cluster;
        this.rotting = any();
    }

    /** Mends everything, and starts what is down. */
    @Override
    protected void mend() {
        over = true;
        cluster.network.bulkFaults(0, 0);
        for (SimNode node : cluster.nodes()) {
            mend(node);
        }
    }

    private void mend(SimNode node) {
        node.resume();
        if (node.isUp() && (isHalted(node) || failing.contains(node))) {
            node.crash(false);
        }
        if (!node.isUp()) {
            node.start();
        }
        node.crank().hangNothing();
        node.faultPoints().clear();
        node.replicas().forEach(replica -> {
            replica.applyNanos(0);
            replica.reopen();
        });
        node.crank().diskDelay(MILLI / 2);
        node.crank().loopDelay(MILLI / 20);
    }

    private static boolean isHalted(SimNode node) {
        return node.replicas().stream().anyMatch(SimReplica::isHalted);
    }

    private SimLog anyLog() {
        return cluster.logs().get(random.nextInt(cluster.logs().size()));
    }

    private SimNode any() {
        return cluster.nodes().get(random.nextInt(cluster.nodes().size()));
    }

    @Override
    protected long aWhile() {
        return random.nextLong(1, 6 * cluster.settings().electionNanos());
    }

    @Override
    protected void strike(Fault fault) {
        switch (fault) {
            case KILL -> crash(any(), false);
            case POWER_LOSS -> crash(any(), true);
            case POWER_LOSS_OF_ALL -> cluster.nodes().forEach(node -> crash(node, true));
            case POWER_LOSS_AT_CHECKPOINT -> atCheckpoint(any());
            case REOPEN -> reopen(any(), anyLog());
            case BREAK_CONNECTION -> cluster.network.breakConnection(any().id, any().id);
            case PARTITION -> partition();
            case ONE_WAY_CUT -> oneWayCut(any().id, any().id);
            case PARTIAL_PARTITION -> partialPartition();
            case PAUSE -> pause(any());
            case SLOW_NODE -> slow(any(), true);
            case SLOW_DISK -> slow(any(), false);
            case HUNG_DISK -> hangDisk(any());
            case FAILED_WRITE -> failWrite(any());
            case ROT -> rot();
            case LONG_DELAYS ->
                longDelays(random.nextLong(
                        cluster.settings().mostDelayNanos(), cluster.settings().electionNanos() + 1));
            case WRONG_VIEWS -> wrongView(any());
            case STALLED_AGENT -> stall(any());
            case SLOW_APPLY -> applySlowly(any(), anyLog());
            case FAULT_BEHIND_STEP -> behindStep(any());
            case ROT_IN_CHECKPOINT -> rotCheckpoint();
            case LEADER_LOST_AT_FETCH -> leaderLostAtFetch(any());
            case WIPED_DISK -> wipe();
            case CLOCK_JUMP -> any().wallClockError(random.nextLong(-HOUR_MILLIS, HOUR_MILLIS));
            case OLDER_COPY -> olderCopy();
            case LOST_BULK -> cluster.network.bulkFaults(random.nextDouble(0.5), random.nextDouble(0.3));
        }
    }

    private void crash(SimNode node, boolean powerLoss) {
        if (node.isUp()) {
            node.crash(powerLoss);
            later(() -> {
                if (!node.isUp()) {
                    node.start();
                }
            });
        }
    }

    /** Loses power when a checkpoint is durable and nothing that follows from it. */
    private void atCheckpoint(SimNode node) {
        if (random.nextBoolean()) {
            slow(node, false);
        }
        node.atNextCheckpoint(() -> crash(node, true));
    }

    /** Closes a replica, often while a write is under way, and opens it again. */
    private void reopen(SimNode node, SimLog log) {
        SimReplica replica = node.replica(log);
        if (!replica.isServing()) {
            return;
        }
        if (random.nextBoolean()) {
            slow(node, false);
        }
        cluster.time.after(random.nextLong(20 * MILLI), () -> {
            if (over) {
                return;
            }
            replica.close();
            if (random.nextBoolean()) {
                replica.reopen();
            } else {
                Map<SimReplica, Long> others = othersOf(replica, node);
                later(() -> {
                    if (!replica.isServing() && haveGoneOn(others)) {
                        cluster.note("a log goes on while another is closed");
                    }
                    replica.reopen();
                });
            }
        });
    }

    /** Lets the state machine of one log need some time for each command. */
    private void applySlowly(SimNode node, SimLog log) {
        SimReplica replica = node.replica(log);
        if (!replica.isServing()) {
            return;
        }
        cluster.trace(node.id, () -> "applies slowly: " + log);
        cluster.note("a state machine is slow");
        replica.applyNanos(random.nextLong(MILLI / 10, cluster.settings().electionNanos() / 10));
        Map<SimReplica, Long> others = othersOf(replica, node);
        later(() -> {
            if (replica.appliedSlot() < log.ghost().chosenPrefix() && haveGoneOn(others)) {
                cluster.note("a log goes on while another applies slowly");
            }
            replica.applyNanos(0);
        });
    }

    /** The other replicas of a node, each with the last slot that it has applied. */
    private static Map<SimReplica, Long> othersOf(SimReplica replica, SimNode node) {
        Map<SimReplica, Long> others = new LinkedHashMap<>();
        node.replicas().stream()
                .filter(other -> !other.equals(replica) && other.isServing())
                .forEach(other -> others.put(other, other.appliedSlot()));
        return others;
    }

    private static boolean haveGoneOn(Map<SimReplica, Long> replicas) {
        return replicas.entrySet().stream().anyMatch(before -> before.getKey().appliedSlot() > before.getValue());
    }

    /** Copies a disk, or puts the copy back. The node whose disk rots is the one, so that the others have everything. */
    private void olderCopy() {
        if (rotting.isStranger()) {
            return;
        }
        if (copy != null && rotting.isUp() && cluster.hasFormed()) {
            OlderCopy older = copy;
            rotting.crash(random.nextBoolean());
            older.putBack();
            copied = true;
            later(() -> {
                if (!rotting.isUp()) {
                    rotting.start();
                }
            });
            copy = null;
        } else if (!copied && copy == null && cluster.nodes().size() > 2) {
            copy = new OlderCopy(cluster, rotting, 1);
        }
    }

    private void pause(SimNode node) {
        node.pause();
        later(node::resume);
    }

    private void slow(SimNode node, boolean cpu) {
        if (!node.isUp()) {
            return;
        }
        SimRunner crank = node.crank();
        if (cpu) {
            crank.loopDelay(random.nextLong(MILLI, 10 * MILLI));
        } else {
            crank.diskDelay(random.nextLong(MILLI, 2 * cluster.settings().electionNanos()));
        }
        later(() -> {
            crank.loopDelay(MILLI / 20);
            crank.diskDelay(MILLI / 2);
        });
    }

    private void hangDisk(SimNode node) {
        if (node.isUp()) {
            cluster.trace(node.id, () -> "has a disk that hangs");
            cluster.note("a disk hangs");
            SimRunner crank = node.crank();
            crank.hangDisk(true);
            later(() -> crank.hangDisk(false));
        }
    }

    private String anyAgentOf(SimNode node) {
        List<String> agents = node.crank().agents();
        return agents.get(random.nextInt(agents.size()));
    }

    /** Lets one agent of a node stand still, while the others go on. */
    private void stall(SimNode node) {
        if (node.isUp()) {
            String agent = anyAgentOf(node);
            cluster.trace(node.id, () -> "has an agent that stands still: " + agent);
            cluster.note("stalled agent: " + agent);
            SimRunner crank = node.crank();
            crank.hang(agent, true);
            later(() -> crank.hang(agent, false));
        }
    }

    /** Crashes a node, or lets one of its agents stand still, between two steps of any of its agents. */
    private void behindStep(SimNode node) {
        if (node.isUp()) {
            node.faultPoints().afterSteps(anyAgentOf(node), random.nextInt(1, 6), () -> {
                switch (random.nextInt(4)) {
                    case 0 -> crash(node, true);
                    case 1 -> crash(node, false);
                    default -> stall(node);
                }
            });
        }
    }

    /**
     * Loses a node, whose log the others truncate meanwhile. When it is back and has fetched a checkpoint, it holds
     * accepted values above it, and the leader that proposed them is lost.
     */
    private void leaderLostAtFetch(SimNode node) {
        if (node.isUp() && cluster.nodes().size() > 2) {
            node.crash(true);
            later(() -> {
                if (!node.isUp()) {
                    node.start();
                    node.atNextCheckpoint(() -> {
                        NodeId leader = cluster.leader(anyLog());
                        if (leader != null && !leader.equals(node.id)) {
                            cluster.note("a leader is lost at a fetch");
                            crash(cluster.node(leader.value()), true);
                        }
                    });
                }
            });
        }
    }

    private void rotCheckpoint() {
        if (cluster.nodes().size() > 2) {
            rotting.rotCheckpoint();
            if (random.nextBoolean()) {
                crash(rotting, random.nextBoolean());
            }
        }
    }

    /**
     * Loses a disk for good, unless an older copy of it is in use. The others must do without that node. They can once the
     * cluster has formed.
     */
    private void wipe() {
        boolean own = !rotting.isStranger() && !copied && cluster.hasFormed();
        if (cluster.nodes().size() > 2 && own && rotting.isUp() && random.nextInt(4) == 0) {
            rotting.crash(true);
            rotting.wipe();
            later(() -> {
                if (!rotting.isUp()) {
                    rotting.start();
                }
            });
        }
    }

    /** Lets two nodes have no contact from the beginning on, so that they store each other's identity late. */
    void meetLate() {
        if (cluster.nodes().size() > 2) {
            NodeId one = any().id;
            NodeId other = any().id;
            if (!one.equals(other)) {
                cluster.trace(one, () -> "meets " + other + " late");
                cluster.note("two nodes meet late");
                cluster.network.cutBoth(one, other);
                cluster.time.after(
                        random.nextLong(1, 10 * cluster.settings().electionNanos()),
                        () -> cluster.network.healBoth(one, other));
            }
        }
    }

    private void failWrite(SimNode node) {
        if (node.isUp()) {
            cluster.trace(node.id, () -> "will fail to write");
            node.disk().failNextWrite(new StorageException(StorageException.Kind.IO, "simulated"));
            failing.add(node);
            later(() -> {
                crash(node, false);
                failing.remove(node);
            });
        }
    }

    private void rot() {
        SimLog log = anyLog();
        long prefix = log.ghost().chosenPrefix();
        // Two nodes cannot do without the record of either.
        if (prefix > 0 && cluster.nodes().size() > 2) {
            // What is open counts most, and the damage is seen by the next life.
            long depth = random.nextBoolean() ? 4 : 40;
            if (random.nextBoolean()) {
                crash(rotting, random.nextBoolean());
                crashLeader(log);
            }
            rotting.rot(log, Math.max(1, prefix + 3 - random.nextLong(Math.min(prefix + 2, depth))));
        }
    }

    /** Crashes the leader sometimes: damage matters most when the node that knew the slot best is gone. */
    private void crashLeader(SimLog log) {
        NodeId leader = cluster.leader(log);
        if (leader != null && random.nextBoolean()) {
            crash(cluster.node(leader.value()), false);
        }
    }

    /** Views are hints: the log must be safe, and come to rest, whatever they say. */
    private void wrongView(SimNode node) {
        List<NodeId> members =
                cluster.ids().stream().filter(id -> random.nextBoolean()).toList();
        node.believe(members);
    }
}
