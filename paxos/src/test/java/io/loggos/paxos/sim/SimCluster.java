package io.loggos.paxos.sim;

import io.loggos.api.Ballot;
import io.loggos.api.Node;
import io.loggos.api.NodeId;
import io.loggos.api.ReplicaStatus;
import io.loggos.api.Role;
import io.loggos.testkit.VirtualTime;
import io.loggos.testkit.network.SimulatedNetwork;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A cluster of simulated nodes on one thread, and what watches it. */
public final class SimCluster {
    private static final int KEPT_LINES = 400;

    private final SimSettings settings;
    private final VirtualTime time = new VirtualTime();
    private final SimulatedNetwork network;
    private final Ghost ghost;
    private final List<SimNode> nodes = new ArrayList<>();
    private final List<NodeId> ids = new ArrayList<>();
    private final SimClients clients;
    private final Map<String, Long> notes = new TreeMap<>();
    private final ArrayDeque<String> lines = new ArrayDeque<>();
    private final boolean full;
    private final boolean tracing;
    private final Map<Ballot, Long> preparedFrom = new TreeMap<>();
    private long events;
    private long leaderChanges;
    private @Nullable NodeId lastLeader;
    private BiConsumer<SimNode, Node> onStart = (node, started) -> {};

    SimCluster(SimSettings settings, SplittableRandom random, boolean tracing) {
        this.settings = settings;
        this.tracing = tracing;
        this.full = tracing && "full".equals(System.getProperty("sim.trace"));
        network = new SimulatedNetwork(time, random.split());
        network.delay(100_000, settings.mostDelayNanos());
        ghost = new Ghost(settings.nodes());
        for (int i = 1; i <= settings.nodes(); i++) {
            ids.add(NodeId.of(i));
        }
        ids.forEach(id -> nodes.add(new SimNode(this, id, random.split())));
        clients = new SimClients(this, random.split());
    }

    SimSettings settings() {
        return settings;
    }

    VirtualTime time() {
        return time;
    }

    SimulatedNetwork network() {
        return network;
    }

    Ghost ghost() {
        return ghost;
    }

    SimClients clients() {
        return clients;
    }

    List<SimNode> nodes() {
        return nodes;
    }

    SimNode node(int number) {
        return nodes.get(number - 1);
    }

    List<NodeId> ids() {
        return ids;
    }

    void prepares(Ballot ballot, long fromSlot) {
        preparedFrom.put(ballot, fromSlot);
    }

    /** From which slot on a ballot was prepared. */
    long preparedFrom(Ballot ballot) {
        return preparedFrom.getOrDefault(ballot, 1L);
    }

    /** How often what was noted. */
    Map<String, Long> notes() {
        return notes;
    }

    long events() {
        return events;
    }

    /** How often the leader that is seen to lead became another one. */
    long leaderChanges() {
        return leaderChanges;
    }

    /** Told of each life of a node that begins. */
    void onStart(BiConsumer<SimNode, Node> listener) {
        onStart = listener;
    }

    void started(SimNode node, Node life) {
        onStart.accept(node, life);
    }

    void startAll() {
        nodes.forEach(SimNode::start);
    }

    /** Runs until a time. */
    void runUntil(long nanos) {
        while (time.nextEventNanos() <= nanos) {
            time.runNext();
            events++;
            Violation violation = ghost.violation();
            if (violation != null) {
                throw violation;
            }
        }
        time.runUntil(nanos);
    }

    void runFor(long nanos) {
        runUntil(time.nanos() + nanos);
    }

    /** Runs until something holds; returns how long that took, or -1 if it does not hold by the deadline. */
    long runUntilTrue(long mostNanos, BooleanSupplier condition) {
        long start = time.nanos();
        while (!condition.getAsBoolean()) {
            if (time.nanos() - start > mostNanos) {
                return -1;
            }
            runFor(1_000_000);
        }
        return time.nanos() - start;
    }

    /** After each turn of an agent. */
    void afterEach() {
        NodeId leader = leader();
        if (leader != null && !leader.equals(lastLeader)) {
            leaderChanges++;
            lastLeader = leader;
            trace(leader, "leads");
        }
    }

    /** Who leads in the highest ballot; null if nobody does. */
    @Nullable
    NodeId leader() {
        ReplicaStatus highest = null;
        NodeId leader = null;
        for (SimNode node : nodes) {
            ReplicaStatus status = node.status();
            if (status != null
                    && status.role() == Role.LEADER
                    && (highest == null || status.ballot().isAbove(highest.ballot()))) {
                highest = status;
                leader = node.id;
            }
        }
        return leader;
    }

    void note(NodeId node, String event) {
        notes.merge(event, 1L, Long::sum);
        trace(node, event);
    }

    /** One line of the trace. */
    void trace(@Nullable NodeId node, String what) {
        if (!tracing) {
            return;
        }
        String line = String.format("%12.6f %-4s %s", time.nanos() / 1e9, node == null ? "" : node, what);
        if (full) {
            System.out.println(line);
        }
        lines.add(line);
        if (lines.size() > KEPT_LINES) {
            lines.removeFirst();
        }
    }

    List<String> lastLines() {
        return new ArrayList<>(lines);
    }
}
