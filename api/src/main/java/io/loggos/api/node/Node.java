package io.loggos.api.node;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.StorageException;
import io.loggos.api.UnavailableException;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.View;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.map.ReplicatedMap;
import io.loggos.api.member.MemberChange;
import io.loggos.api.member.MemberChangeException;
import io.loggos.api.member.Members;
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
import java.util.List;
import java.util.Set;
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

    /** Opens a replicated key-value store in the log {@code name} with {@link KeyValueOptions#defaults}. */
    default KeyValueStore keyValueStore(String name, ReplicaOptions options) {
        return keyValueStore(name, options, KeyValueOptions.defaults());
    }

    /**
     * Opens a replicated key-value store in the log {@code name}. Its state lies in this node's data directory.
     *
     * <p>Throws as {@link #replicate(String, StateMachine, ReplicaOptions)} does.
     */
    KeyValueStore keyValueStore(String name, ReplicaOptions options, KeyValueOptions limits);

    /** Joins the group {@code name} with the default options of an ordering ({@link GroupOptions#of}). */
    default Group join(String name, Ordering ordering, GroupListener listener) {
        return join(name, GroupOptions.of(ordering), listener);
    }

    /**
     * Joins the group {@code name}, whose members multicast to each other and see the same views.
     *
     * <p>Returns at once. The listener receives the first view later; messages sent before it go out in that view. The
     * first view of a group has its founders, see {@link GroupOptions#founders}. A node that reaches no majority founds
     * the group after {@link GroupOptions#foundingTimeout}, in a view that is not primary: see {@link PartitionPolicy}.
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
     * Opens a copy of the replicated map {@code name}, without a listener.
     *
     * <p>Its group has {@link Ordering#FIFO_TOTAL}, {@link Delivery#SAFE} and the other defaults. Throws as {@link
     * #replicatedMap(String, GroupOptions, ReplicatedMap.Listener)} does.
     */
    default ReplicatedMap replicatedMap(String name) {
        return replicatedMap(
                name,
                GroupOptions.builder(Ordering.FIFO_TOTAL)
                        .delivery(Delivery.SAFE)
                        .build(),
                ReplicatedMap.Listener.NONE);
    }

    /**
     * Opens a copy of the replicated map {@code name}: joins the group of this name, whose state is the map.
     *
     * <p>Throws as {@link #join(String, GroupOptions, GroupListener)} does.
     *
     * @throws IllegalArgumentException if the ordering of the options is not total, or they have a state
     */
    ReplicatedMap replicatedMap(String name, GroupOptions options, ReplicatedMap.Listener listener);

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
     * <p>All calls come from the node's thread {@code views}. What the listener throws goes to the
     * {@link ErrorHandler}. If 1,024 views wait, some are passed over, and the newest one is told.
     *
     * @throws NodeClosedException if this node is closed
     */
    void onView(Consumer<View> listener);

    /**
     * A future that completes once the cluster has formed, in this life of the node or before.
     *
     * <p>It fails with {@link NodeClosedException} if the node closes before, or stops, and with {@link
     * UnavailableException} if the node is fenced ({@link NodeStatus#fenced}). It completes on one of the threads
     * {@code answer-N} of the node. After it, {@link Replica#awaitLeader} waits for a leader of a log.
     */
    CompletableFuture<Void> ready();

    /**
     * Calls back with each change in what this node sees of its cluster, from now on.
     *
     * <p>All calls come from the node's thread {@code events}, in order. The node's own log at level INFO has the same
     * sentences. What the listener throws goes to the {@link ErrorHandler}. If 1,024 events wait, later ones are passed
     * over, which is logged.
     *
     * @throws NodeClosedException if this node is closed
     */
    void onEvent(Consumer<NodeEvent> listener);

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
     * that gives the reason, or with a {@link NodeClosedException} if this node was closed. It completes on
     * one of the threads {@code answer-N} of the node, so a dependent stage may wait for another such future.
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
     * @throws SnapshotException if the participant throws while it takes over its state from a restored snapshot. The
     *     state is kept for the next start
     * @throws NodeClosedException if this node is closed
     */
    Participant participant(String name, Recorder recorder);

    /**
     * Takes snapshots on a schedule until a stable property is found in one of them.
     *
     * <p>The first snapshot begins at once. Each node keeps the last two of them, beside those of
     * other owners. What the property throws ends the search, and goes to the {@link ErrorHandler} as well.
     *
     * @param every the wait between the end of one snapshot and the start of the next
     * @throws IllegalArgumentException if the wait is not longer than zero
     * @throws NodeClosedException if this node is closed
     */
    <T> Watch<T> watch(StableProperty<T> property, Duration every);

    /**
     * Skips a slot of a log whose commands halt every replica, by an operator's decision (B-11 of {@code paxos/RULES.md}).
     *
     * <p>Asked of a node whose replica has halted because its state machine threw at that slot. All other nodes must agree,
     * and a replica agrees if it has not applied the slot, halted or not. The agreements and the decision are durable. Then
     * all replicas pass over the slot, in this and later lives: each of its commands fails with a {@code
     * CommandFailedException}. A halted replica does so once it is opened again, with a new state machine.
     *
     * <p>The future completes on one of the threads {@code answer-N} of the node once this node has stored the decision and
     * tells it. It fails with {@link SlotNotSkippedException} if a replica has applied the slot, and also if not all have
     * answered within {@code ReplicaOptions.requestTimeout}. In that case the replicas that have agreed wait at the slot,
     * and the call can be repeated.
     *
     * @param log the name of a log that is open on this node
     * @param without nodes that are lost for good, whose agreement is not needed; a majority must remain
     * @throws IllegalArgumentException if the log is not open on this node
     * @throws NodeClosedException if this node is closed
     */
    CompletableFuture<Void> skip(String log, Slot slot, Set<NodeId> without);
    /** The members of the cluster, as this node knows them. */
    Members members();

    /**
     * Changes the members of the cluster: all parts at once, into the next configuration.
     *
     * <p>The future completes once the change is complete: every log of the cluster has changed, and a quorum of the new
     * voters has everything before the change on disk. Then removed nodes are told, and stop. {@link Members#waitsFor} tells
     * the progress. A change that was decided goes on if this node fails. Call again with the same number: the answer is
     * {@link MemberChangeException.Reason#CONFIG_CONFLICT} if it was decided.
     *
     * <p>The future completes on one of the threads {@code answer-N} of the node.
     *
     * @param expectedNumber the {@link Members#number} on which the change is based
     * @return fails with a {@link MemberChangeException} if it is refused; then it has no effect
     * @throws NodeClosedException if this node is closed
     */
    CompletableFuture<Members> changeMembers(long expectedNumber, List<MemberChange> changes);

    /** The present status of this node and its replicas. A closed replica is not listed. */
    NodeStatus status();

    /**
     * Stops taking part, fails all pending calls and closes the data directory.
     *
     * <p>Returns when all threads of the node have ended. Code of the application is given {@link
     * UserCodeOptions#closeTimeout}, and a disk 5 s more. Then the node logs the stack of each thread that has not ended,
     * and goes on without it. The data directory stays open and locked until the last of them has ended. A second call
     * does nothing.
     */
    @Override
    void close();
}
