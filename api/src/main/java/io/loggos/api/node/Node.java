package io.loggos.api.node;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.View;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
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
 * One member of a cluster, in this JVM.
 *
 * <p>A node has a data directory, links to the other nodes, and a replica of each log that was opened on it. Safe for
 * use by any thread. Several nodes may live in one JVM.
 *
 * <p>A new cluster forms once every node has met every other node. After that a majority is enough to start.
 */
public interface Node extends AutoCloseable {
    /** Returns a new builder. */
    static NodeBuilder builder() {
        return new NodeBuilder();
    }

    /** The id of this node. */
    NodeId id();

    /** The address at which peers reach this node. It has the chosen port if the builder asked for port 0. */
    Address listening();

    /** Opens this node's replica of the log {@code name} with {@link ReplicaOptions#defaults}. */
    default Replica replicate(String name, StateMachine stateMachine) {
        return replicate(name, stateMachine, ReplicaOptions.defaults());
    }

    /**
     * Opens this node's replica of the log {@code name} and takes part in that log.
     *
     * <p>The state machine must be in its initial state. The last checkpoint and the log behind it bring it to its
     * earlier state. All nodes must open the log with state machines of the same behaviour.
     *
     * <p>Reads the last checkpoint before it returns, so it may take long. A closed log can be opened again, with a new
     * state machine.
     *
     * @param name 1 to 255 characters that do not begin with {@code loggos.}, the same on all nodes
     * @throws IllegalArgumentException if the name has another form
     * @throws IllegalStateException if the log is open on this node already, or its closing has not ended after some
     *     seconds because a write, a command or a checkpoint of it is still under way
     * @throws InvalidOptionsException if the largest command or batch does not fit into a frame of this node
     * @throws StorageException if the data on disk for this log cannot be used
     * @throws NodeClosedException if this node is closed
     */
    Replica replicate(String name, StateMachine stateMachine, ReplicaOptions options);

    /** Opens a replicated key-value store in the log {@code name} with {@link ReplicaOptions#defaults}. */
    default KeyValueStore keyValueStore(String name) {
        return keyValueStore(name, ReplicaOptions.defaults());
    }

    /**
     * Opens a replicated key-value store in the log {@code name}. Its state lies in this node's data directory.
     *
     * <p>Throws as {@link #replicate(String, StateMachine, ReplicaOptions)} does.
     */
    KeyValueStore keyValueStore(String name, ReplicaOptions options);

    /** Joins the group {@code name} with the default options of an ordering ({@link GroupOptions#of}). */
    default Group join(String name, Ordering ordering, GroupListener listener) {
        return join(name, GroupOptions.of(ordering), listener);
    }

    /**
     * Joins the group {@code name}, whose members multicast to each other and see the same views.
     *
     * <p>Returns at once. The listener receives the first view later; messages sent before it go out in that view. For
     * about an election timeout, the first view may be one that is not primary: see {@link PartitionPolicy}.
     *
     * @param name 1 to 255 characters that do not begin with {@code loggos.}
     * @throws IllegalArgumentException if the name has another form
     * @throws IllegalStateException if this node takes part in the group already
     * @throws InvalidOptionsException if the largest message does not fit into a frame of this node, or the window is
     *     more than half the buffer of its links
     * @throws NodeClosedException if this node is closed
     */
    Group join(String name, GroupOptions options, GroupListener listener);

    /**
     * The nodes that are up: the current view of the group of all nodes in the cluster.
     *
     * <p>A node that has just started, or that is alone, has a view of itself. The view is a hint that may be late, so
     * no safety property may depend on it.
     */
    View view();

    /**
     * Calls back with the current {@link #view} and with each later one.
     *
     * <p>All calls come from the thread that calls the node's group listeners. The listener must not block it. An
     * exception from the listener is logged.
     *
     * @throws NodeClosedException if this node is closed
     */
    void onView(Consumer<View> listener);

    /** Takes a global snapshot with {@link SnapshotOptions#defaults}. */
    default CompletableFuture<GlobalSnapshot> snapshot() {
        return snapshot(SnapshotOptions.defaults());
    }

    /**
     * Takes a consistent cut through all nodes of the current {@link #view} and the messages in flight between them.
     *
     * <p>The nodes go on working meanwhile. Any node may start a snapshot, and several may run at a time. The view must
     * be primary.
     *
     * <p>The future completes once every node has its part on disk and the whole is verified. An attempt that fails
     * leaves nothing on disk and is repeated until the deadline. Then the future fails with a {@link SnapshotException}
     * that gives the reason, or with a {@link NodeClosedException} if this node was closed. It completes on a background
     * thread of the node, which also writes checkpoints. Dependent stages that may block belong on a thread of their
     * own.
     *
     * @throws NodeClosedException if this node is closed
     */
    CompletableFuture<GlobalSnapshot> snapshot(SnapshotOptions options);

    /** Access to the complete snapshots of which this node holds its part. */
    Snapshots snapshots();

    /**
     * Registers a part of the application's state, which every snapshot will record.
     *
     * @param name 1 to 255 characters
     * @throws IllegalArgumentException if the name has another length
     * @throws IllegalStateException if this node has a participant of this name already
     * @throws NodeClosedException if this node is closed
     */
    Participant participant(String name, Recorder recorder);

    /**
     * Takes snapshots on a schedule until a stable property is found in one of them.
     *
     * <p>The first snapshot begins at once. Each is taken with {@link SnapshotOptions#defaults}.
     *
     * @param every the wait between the end of one snapshot and the start of the next
     * @throws IllegalArgumentException if the wait is not longer than zero
     * @throws NodeClosedException if this node is closed
     */
    <T> Watch<T> watch(StableProperty<T> property, Duration every);

    /** The present status of this node and its replicas. A closed replica is not listed. */
    NodeStatus status();

    /**
     * Stops taking part, fails all pending calls and closes the data directory.
     *
     * <p>Returns when all threads of the node have ended, or after 15 s. In that case the threads that have not ended,
     * such as one that waits for a disk, are logged. The data directory stays locked until they have ended. A second call
     * does nothing.
     */
    @Override
    void close();
}
