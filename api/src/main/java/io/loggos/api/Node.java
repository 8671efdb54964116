package io.loggos.api;

import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.View;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.Snapshots;
import io.loggos.api.snapshot.StableProperty;
import io.loggos.api.snapshot.Watch;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One member of a cluster, in this JVM: its data directory, its links to the other nodes, and a replica of
 * each log that was asked for. Safe for use by any thread. Several nodes may live in one JVM.
 *
 * <p>On its very first start a cluster forms once every node has met every other; from then on a majority
 * suffices.
 */
public interface Node extends AutoCloseable {
    /** A new builder. */
    static NodeBuilder builder() {
        return new NodeBuilder();
    }

    /** This node. */
    NodeId id();

    /** The address that peers reach this node at, with the port that was chosen if 0 was asked for. */
    Address listening();

    /** This replica of the log {@code name}, with {@link ReplicaOptions#defaults}. */
    default Replica replicate(String name, StateMachine stateMachine) {
        return replicate(name, stateMachine, ReplicaOptions.defaults());
    }

    /**
     * Opens this node's replica of the log {@code name} and starts to take part in it. The state machine
     * must be in its initial state: it is brought to where it was from the last checkpoint and the log. All
     * nodes must open the log with a state machine of the same behaviour.
     *
     * @param name 1 to 255 characters, the same on all nodes
     * @throws IllegalStateException if the log is open on this node already
     * @throws StorageException if what the disk holds of it cannot be used
     */
    Replica replicate(String name, StateMachine stateMachine, ReplicaOptions options);

    /** A replicated key-value store, with {@link ReplicaOptions#defaults}. */
    default KeyValueStore keyValueStore(String name) {
        return keyValueStore(name, ReplicaOptions.defaults());
    }

    /** A replicated key-value store in the log {@code name}, its state in the data directory of this node. */
    KeyValueStore keyValueStore(String name, ReplicaOptions options);

    /** Joins the group {@code name} with the usual options ({@link GroupOptions#of}). */
    default Group join(String name, Ordering ordering, GroupListener listener) {
        return join(name, GroupOptions.of(ordering), listener);
    }

    /**
     * Joins the group {@code name}: the nodes that have joined it multicast to each other and see the same views. Returns
     * at once; the listener is told of the first view, and what is sent before it goes out in it. A first view may be one
     * that is not primary, for about an election timeout: see {@link PartitionPolicy}.
     *
     * @param name 1 to 255 characters
     * @throws IllegalStateException if this node takes part in the group already
     */
    Group join(String name, GroupOptions options, GroupListener listener);

    /**
     * Which nodes are up: the view of the group of all nodes of the cluster. At first, and while this node is alone, a
     * view of itself. A hint for whoever can use one: it may be late, and nothing unsafe may hang on it.
     */
    View view();

    /**
     * Calls back with each new {@link #view}, beginning with the present one, on one thread of the node, which must not
     * be held up.
     */
    void onView(Consumer<View> listener);

    /** Takes a global snapshot with {@link SnapshotOptions#defaults}. */
    default CompletableFuture<GlobalSnapshot> snapshot() {
        return snapshot(SnapshotOptions.defaults());
    }

    /**
     * Takes a consistent cut through all nodes of the present {@link #view} and everything in flight between them, while
     * they go on working. The future completes once every node has its part on disk and the whole is verified, or with a
     * {@link SnapshotException} that says why it could not be taken before the deadline; nothing of it is left then. Any
     * node may ask, several at a time. Needs a primary view.
     */
    CompletableFuture<GlobalSnapshot> snapshot(SnapshotOptions options);

    /** The complete snapshots that this node has its part of. */
    Snapshots snapshots();

    /**
     * Has a part of the application's state recorded by every snapshot.
     *
     * @param name 1 to 255 characters
     * @throws IllegalStateException if there is a participant of this name on this node already
     */
    Participant participant(String name, Recorder recorder);

    /**
     * Looks for a stable property until it is found: takes a snapshot, looks, waits, and again.
     *
     * @param every how long after a snapshot the next one begins
     */
    <T> Watch<T> watch(StableProperty<T> property, Duration every);

    /** What this node and its replicas are doing. */
    NodeStatus status();

    /**
     * Stops taking part, fails what is pending and closes the data directory. Returns when all threads of the
     * node have ended. Calling it again does nothing.
     */
    @Override
    void close();
}
