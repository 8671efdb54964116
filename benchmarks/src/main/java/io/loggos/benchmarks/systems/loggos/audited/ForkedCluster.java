package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.Role;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.systems.loggos.NodeAddresses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Three nodes in three JVMs. For one thread. */
public final class ForkedCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private final NodeAddresses addresses;
    private final Duration electionTimeout;
    private final boolean checkpoints;
    private final TreeMap<Integer, ForkedNode> nodes = new TreeMap<>();

    /**
     * A cluster of which nothing runs yet.
     *
     * @param directory where the nodes have their directories
     */
    public ForkedCluster(Path directory, Duration electionTimeout, boolean checkpoints) {
        this.addresses = NodeAddresses.free(directory);
        this.electionTimeout = electionTimeout;
        this.checkpoints = checkpoints;
    }

    /** Starts a node; {@link ForkedNode#awaitStart} must come next. */
    public ForkedNode start(int id) {
        ForkedNode node = ForkedNode.start(new NodeSettings(id, addresses, electionTimeout, checkpoints));
        nodes.put(id, node);
        return node;
    }

    /** Starts all and waits until each has applied a command of its own. */
    public void startAll() {
        for (int id : NodeAddresses.ids()) {
            start(id);
        }
        nodes.values().forEach(ForkedNode::awaitStart);
        nodes.values().forEach(ForkedNode::getReady);
        nodes.values().forEach(ForkedNode::awaitReady);
    }

    /** Those that run. */
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

    /** The one that leads, once all agree on it. */
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

    /** Waits until all have applied the same slots, and returns whether they hold the same, and nothing twice. */
    public boolean agree() {
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

    /** Waits for something, and throws if it does not come. */
    public void await(String otherwise, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new TrialFailure(otherwise + ": " + describe());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
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
