package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.replica.Role;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.systems.loggos.LoggosNodes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Three nodes in three JVMs. For one thread. */
public final class ForkedCluster implements AutoCloseable {
    /** Ids of the nodes. */
    public static final List<Integer> IDS = List.of(1, 2, 3);

    private final Addresses addresses;
    private final Duration electionTimeout;
    private final boolean checkpoints;
    private final TreeMap<Integer, ForkedNode> nodes = new TreeMap<>();

    /**
     * Creates a cluster without running nodes.
     *
     * @param directory parent of the data directories of the nodes
     */
    public ForkedCluster(Path directory, Duration electionTimeout, boolean checkpoints) {
        this.addresses = Addresses.free(directory, LoggosNodes.COUNT);
        this.electionTimeout = electionTimeout;
        this.checkpoints = checkpoints;
    }

    /** Starts a node; {@link ForkedNode#awaitStart} must come next. */
    public ForkedNode start(int id) {
        ForkedNode node = ForkedNode.start(new NodeSettings(id, addresses, electionTimeout, checkpoints));
        nodes.put(id, node);
        return node;
    }

    /** Starts all nodes and waits until each has applied a command of its own. */
    public void startAll() {
        for (int id : IDS) {
            start(id);
        }
        nodes.values().forEach(ForkedNode::awaitStart);
        nodes.values().forEach(ForkedNode::getReady);
        nodes.values().forEach(ForkedNode::awaitReady);
    }

    /** Returns the running nodes. */
    public Collection<ForkedNode> nodes() {
        return List.copyOf(nodes.values());
    }

    /** Kills a node. */
    public void kill(ForkedNode node) {
        nodes.remove(node.id());
        node.kill();
    }

    /** Closes a node. */
    public void shutDown(ForkedNode node) {
        nodes.remove(node.id());
        node.shutDown();
    }

    /** Returns the node that leads, once all agree on it. */
    public ForkedNode leader() {
        List<ForkedNode> found = new ArrayList<>();
        await("the nodes do not agree on a leader", () -> {
            found.clear();
            List<ForkedNode.Status> statuses =
                    nodes.values().stream().map(ForkedNode::status).toList();
            for (ForkedNode node : nodes.values()) {
                if (node.status().role() == Role.LEADER
                        && statuses.stream().allMatch(status -> status.leader() == node.id())) {
                    found.add(node);
                }
            }
            return found.size() == 1;
        });
        return found.get(0);
    }

    /** Waits until all have applied the same slots, and tells if they hold the same, and nothing twice. */
    private boolean agree() {
        await(
                "the replicas do not come to the same slot",
                () -> statuses().stream()
                                .mapToLong(ForkedNode.Status::appliedSlot)
                                .distinct()
                                .count()
                        == 1);
        List<ForkedNode.Status> settled = statuses();
        return settled.stream().map(ForkedNode.Status::state).distinct().count() == 1
                && settled.get(0).state().repeated() == 0;
    }

    /**
     * Waits until all have applied the same slots, and returns the faults, empty if there are none. Faults are replicas
     * that differ, commands applied twice, and acknowledged commands that are missing.
     */
    public List<String> faults(List<Acknowledged> acknowledged) {
        List<String> faults = new ArrayList<>();
        if (!agree()) {
            faults.add("the replicas differ, or have applied a command twice");
        }
        for (ForkedNode node : nodes.values()) {
            int missing = acknowledged.stream().mapToInt(node::missing).sum();
            if (missing > 0) {
                faults.add("node " + node.id() + " lacks " + missing + " commands that were acknowledged");
            }
        }
        return faults;
    }

    /** Waits until a condition holds, and throws if it does not in time. */
    public void await(String otherwise, BooleanSupplier condition) {
        if (!Await.until(condition)) {
            throw new TrialFailure(otherwise + ": " + describe());
        }
    }

    @Override
    public void close() {
        nodes.values().forEach(ForkedNode::close);
        nodes.clear();
    }

    private List<ForkedNode.Status> statuses() {
        return nodes.values().stream().map(ForkedNode::status).toList();
    }

    private String describe() {
        return nodes.values().stream()
                .map(node -> "node " + node.id() + " " + node.status())
                .collect(Collectors.joining("; "));
    }
}
