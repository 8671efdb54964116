package io.loggos.paxos.runtime;

import io.loggos.api.Address;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.LogId;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.View;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.NodeStatus;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.Snapshots;
import io.loggos.api.snapshot.StableProperty;
import io.loggos.api.snapshot.Watch;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.runtime.DeliveryAgent;
import io.loggos.multicast.runtime.GroupHost;
import io.loggos.paxos.core.MultiPaxos;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.paxos.runtime.bulk.BulkServer;
import io.loggos.paxos.runtime.bulk.GroupStates;
import io.loggos.paxos.runtime.bulk.LocalSnapshots;
import io.loggos.paxos.runtime.bulk.SnapshotFetch;
import io.loggos.paxos.runtime.loop.LogProcess;
import io.loggos.paxos.runtime.loop.LogServices;
import io.loggos.paxos.runtime.loop.LoopSnapshots;
import io.loggos.paxos.runtime.loop.LoopSteps;
import io.loggos.paxos.runtime.loop.NodeLoop;
import io.loggos.paxos.runtime.loop.TransportEvents;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.StateMachineHost;
import io.loggos.paxos.runtime.restore.RestoredState;
import io.loggos.paxos.runtime.views.LogAgreement;
import io.loggos.snapshot.runtime.PropertyWatch;
import io.loggos.snapshot.runtime.SnapshotHost;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.GroupCommit;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.kv.KeyValueStateMachine;
import io.loggos.storage.kv.ReplicatedKeyValueStore;
import io.loggos.storage.rocksdb.ordered.RocksDbOrderedStore;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A node: its agents, put together, and the replicas it has opened. */
public final class LoggosNode implements Node {
    /** What a frame needs besides the commands of a batch. */
    private static final int FRAME_OVERHEAD_BYTES = 4 << 10;

    /** Names of the library's own groups begin so. */
    private static final String RESERVED = "loggos.";

    private static final LogId VIEWS = LogId.ofName(LogAgreement.LOG);

    private final NodeOptions options;
    private final NodeEnvironment environment;
    private final AgentRunner agents;
    private final Configuration configuration;
    private final AtomicReference<@Nullable GroupCommit> commit = new AtomicReference<>();
    private final Applier applier = new Applier();
    private final BackgroundWorker readWorker = new BackgroundWorker("read");
    private final BackgroundWorker checkpointWorker = new BackgroundWorker("checkpoint");
    /** A random number of this process start. */
    private final long life;

    private final NodeLoop loop;
    private final LogServices parts;
    private final BulkServer bulk;
    private final GroupStates states;
    private final SnapshotStore snapshotStore;
    private final SnapshotFetch snapshotFetch;
    private final LocalSnapshots completeSnapshots;
    private final TreeMap<String, LocalReplica> replicas = new TreeMap<>();
    private final List<KeyValueStateMachine> stores = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Whether the log of the views of groups was opened here, or is about to be. */
    private final AtomicBoolean wantsViews = new AtomicBoolean();

    private final AtomicReference<@Nullable LocalReplica> views = new AtomicReference<>();

    private LoggosNode(NodeOptions options, NodeEnvironment environment, AgentRunner agents) {
        this.options = options;
        this.environment = environment;
        this.agents = agents;
        this.configuration =
                Configuration.initial(new TreeSet<>(options.members().keySet()));
        this.snapshotStore = SnapshotStore.open(
                options.dataDirectory().resolve("snapshots"), options.id(), environment.checkpoints()::elsewhere);
        this.bulk = new BulkServer(environment.clock(), snapshotStore);
        this.snapshotFetch = new SnapshotFetch(options.id(), environment.transport(), checkpointWorker, bulk);
        this.completeSnapshots =
                new LocalSnapshots(options.id(), snapshotStore, snapshotFetch, checkpointWorker, this::deleteSnapshot);
        this.states = new GroupStates(
                DirectoryCheckpointStore.emptied(options.dataDirectory().resolve("groups")),
                environment.transport(),
                checkpointWorker,
                bulk);
        this.life = LifeNumbers.ofProcess(
                environment.clock().wallMillis(), environment.random().nextLong());
        this.loop = new NodeLoop(
                options.id(),
                configuration,
                environment.clock(),
                environment.roster(),
                applier,
                environment.meters(),
                listener -> new Links(
                        options.clusterId(),
                        options.id(),
                        new TreeSet<>(options.peers().keySet()),
                        environment.roster(),
                        options.timing(),
                        options.transport(),
                        life,
                        environment.random(),
                        listener),
                this::snapshots,
                this::groups,
                listener -> {
                    GroupCommit made = new GroupCommit(
                            environment.log(), options.storage(), environment.meters(), environment.clock(), listener);
                    commit.set(made);
                    return made;
                });
        this.parts = new LogServices(
                loop,
                applier,
                readWorker,
                checkpointWorker,
                environment.log(),
                environment.checkpoints(),
                environment.transport(),
                environment.clock(),
                environment.meters(),
                environment.trace());
    }

    private SnapshotHost snapshots(NodeLoop of) {
        return new SnapshotHost(new SnapshotHost.Parts(
                options.id(),
                options.clusterId(),
                environment.roster().incarnation(),
                life,
                new LoopSteps(of),
                seam(of),
                snapshotStore,
                environment.clock(),
                options.timing().heartbeatInterval(),
                environment.meters()));
    }

    private LoopSnapshots seam(NodeLoop of) {
        return new LoopSnapshots(of, checkpointWorker, bulk, snapshotFetch, completeSnapshots);
    }

    private GroupHost groups(NodeLoop of) {
        LogAgreement lines = new LogAgreement(
                options.id(),
                views::get,
                (group, proposal, primary, higherCounter) ->
                        of.submit((loop, now) -> loop.groups().onAgreed(group, proposal, primary, higherCounter, now)));
        return new GroupHost(new GroupHost.Parts(
                options.id(),
                new TreeSet<>(configuration.voters()),
                options.timing(),
                environment.clock(),
                new LifeNumbers(life),
                of.links(),
                new LoopSteps(of),
                states,
                environment.meters(),
                seam(of),
                lines,
                RestoredState.in(options.dataDirectory()),
                agents::drain));
    }

    /**
     * Puts a node together and starts it.
     *
     * @throws io.loggos.api.TransportException if the address cannot be listened on
     */
    public static LoggosNode start(NodeOptions options, NodeEnvironment environment, AgentRunner agents) {
        LoggosNode node = new LoggosNode(options, environment, agents);
        environment.transport().start(new TransportEvents(node.loop, node.bulk, options.transport()));
        node.loop.dialWith(new RefusalLog(options.id(), environment.transport(), environment.clock()));
        node.loop.onUnknownLog(node::heardOf);
        GroupCommit storage = node.commit.get();
        if (storage == null) {
            throw new IllegalStateException("the loop made no group commit");
        }
        storage.wakeWith(agents.turn(storage));
        node.applier.wakeWith(agents.turn(node.applier));
        node.readWorker.wakeWith(agents.turn(node.readWorker));
        node.checkpointWorker.wakeWith(agents.turn(node.checkpointWorker));
        DeliveryAgent deliverer = node.loop.groups().deliverer();
        deliverer.wakeWith(agents.turn(deliverer));
        Waker waker = agents.turn(node.loop);
        node.loop.wakeWith(waker);
        node.loop.submit((loop, now) -> {
            loop.links().start(now);
            loop.groups().start(now);
        });
        return node;
    }

    @Override
    public NodeId id() {
        return options.id();
    }

    @Override
    public Address listening() {
        return environment.transport().listening();
    }

    @Override
    public Replica replicate(String name, StateMachine stateMachine, ReplicaOptions replicaOptions) {
        checkNotReserved("log", name);
        return open(name, stateMachine, replicaOptions);
    }

    private LocalReplica open(String name, StateMachine stateMachine, ReplicaOptions replicaOptions) {
        check(replicaOptions);
        LocalReplica replica = new LocalReplica(
                id(), name, replicaOptions, loop, environment.clock(), environment.meters(), agents::drain);
        LogId log = replica.log();
        synchronized (replicas) {
            LocalReplica before = replicas.get(name);
            if (before != null && !before.isClosed()) {
                throw new IllegalStateException("log \"" + name + "\" is open on this node");
            }
            replicas.put(name, replica);
        }
        try {
            environment.log().register(log, name);
            StateMachineHost host = new StateMachineHost(
                    replica, stateMachine, environment.checkpoints(), checkpointWorker, environment.clock());
            long checkpointSlot = host.recover();
            replica.checkpointAt(checkpointSlot);
            RecoveredLog recovered = environment.log().recover(log);
            long session = environment.random().nextLong(1, Long.MAX_VALUE);
            LogProcess process = new LogProcess(
                    replica,
                    host,
                    parts,
                    effects -> new MultiPaxos(
                            id(),
                            log,
                            session,
                            configuration,
                            Limits.of(options, replicaOptions),
                            recovered,
                            checkpointSlot,
                            loop.connectivity(),
                            environment.random(),
                            effects));
            bulk.serve(log, environment.checkpoints(), host::holdCheckpointsUntil);
            loop.submit((unused, now) -> loop.open(process));
            return replica;
        } catch (IOException e) {
            forget(name);
            throw new StorageException(
                    StorageException.Kind.IO, "the checkpoint of log \"" + name + "\" cannot be read", e);
        } catch (RuntimeException e) {
            forget(name);
            throw e;
        }
    }

    NodeLoop loop() {
        return loop;
    }

    private void forget(String name) {
        synchronized (replicas) {
            replicas.remove(name);
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new NodeClosedException("node " + id().value() + " is closed");
        }
    }

    private static void checkNotReserved(String what, String name) {
        if (name.isEmpty() || name.length() > 255 || name.startsWith(RESERVED)) {
            throw new IllegalArgumentException(
                    "the name of a " + what + " has 1 to 255 characters and does not begin with \"" + RESERVED + "\"");
        }
    }

    private void check(ReplicaOptions replicaOptions) {
        checkOpen();
        int largest = Math.max(replicaOptions.maxCommandBytes(), replicaOptions.maxBatchBytes());
        if (largest + FRAME_OVERHEAD_BYTES > options.transport().maxFrameBytes()) {
            throw new InvalidOptionsException(List.of("maxCommandBytes and maxBatchBytes are at most "
                    + (options.transport().maxFrameBytes() - FRAME_OVERHEAD_BYTES)
                    + " with frames of " + options.transport().maxFrameBytes() + " bytes"));
        }
    }

    @Override
    public KeyValueStore keyValueStore(String name, ReplicaOptions replicaOptions) {
        checkNotReserved("log", name);
        check(replicaOptions);
        KeyValueStateMachine machine = new KeyValueStateMachine(RocksDbOrderedStore.open(options.dataDirectory()
                .resolve("state")
                .resolve(Long.toHexString(LogId.ofName(name).value()))));
        try {
            KeyValueStore store = new ReplicatedKeyValueStore(open(name, machine, replicaOptions), machine);
            synchronized (replicas) {
                stores.add(machine);
            }
            return store;
        } catch (RuntimeException e) {
            machine.close();
            throw e;
        }
    }

    @Override
    public Group join(String name, GroupOptions groupOptions, GroupListener listener) {
        checkOpen();
        checkNotReserved("group", name);
        if (groupOptions.maxMessageBytes() + FRAME_OVERHEAD_BYTES
                > options.transport().maxFrameBytes()) {
            throw new InvalidOptionsException(
                    List.of("maxMessageBytes is at most " + (options.transport().maxFrameBytes() - FRAME_OVERHEAD_BYTES)
                            + " with frames of " + options.transport().maxFrameBytes() + " bytes"));
        }
        // After a break of a link the whole window goes again, beside what else the link carries.
        if (2L * groupOptions.windowBytes() > options.transport().bufferBytes()) {
            throw new InvalidOptionsException(
                    List.of("windowBytes is at most " + options.transport().bufferBytes() / 2
                            + " with links that buffer " + options.transport().bufferBytes() + " bytes"));
        }
        if (groupOptions.agreement() == GroupOptions.Agreement.LOG) {
            openViews();
        }
        return loop.groups().join(name, groupOptions, listener);
    }

    /** Another node uses a log that is not open here. */
    private void heardOf(LogId log) {
        if (log.equals(VIEWS)) {
            checkpointWorker.execute(() -> {
                try {
                    openViews();
                } catch (NodeClosedException e) {
                    // There is nobody any more to whom the log would matter.
                }
            });
        }
    }

    /** Opens the log of the views of groups: all nodes have a say in it, whoever has joined. */
    private void openViews() {
        if (!closed.get() && wantsViews.compareAndSet(false, true)) {
            views.set(open(LogAgreement.LOG, LogAgreement.stateMachine(), ReplicaOptions.defaults()));
        }
    }

    @Override
    public View view() {
        return loop.groups().nodes().view();
    }

    @Override
    public void onView(Consumer<View> listener) {
        checkOpen();
        loop.groups().nodes().onView(listener);
    }

    @Override
    public CompletableFuture<GlobalSnapshot> snapshot(SnapshotOptions snapshotOptions) {
        checkOpen();
        return loop.snapshots().take(snapshotOptions);
    }

    @Override
    public Snapshots snapshots() {
        return completeSnapshots;
    }

    /** Here at once; the others are told. */
    private CompletableFuture<Void> deleteSnapshot(SnapshotId id) {
        try {
            snapshotStore.delete(id);
            loop.snapshots().delete(id);
            return CompletableFuture.completedFuture(null);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(
                    new SnapshotException("snapshot " + id + " cannot be deleted: " + e, e));
        }
    }

    @Override
    public Participant participant(String name, Recorder recorder) {
        checkOpen();
        return loop.groups().participant(name, recorder);
    }

    @Override
    public <T> Watch<T> watch(StableProperty<T> property, Duration every) {
        checkOpen();
        return PropertyWatch.begin(loop.snapshots(), property, every);
    }

    @Override
    public NodeStatus status() {
        TreeSet<NodeId> connected = new TreeSet<>();
        for (NodeId member : configuration.voters()) {
            if (loop.contacts().isConnected(member)) {
                connected.add(member);
            }
        }
        SortedSet<NodeId> unmet = new TreeSet<>(options.peers().keySet());
        unmet.removeAll(environment.roster().rememberedBy());
        synchronized (replicas) {
            return new NodeStatus(
                    id(),
                    options.clusterId(),
                    environment.roster().incarnation(),
                    connected,
                    unmet.isEmpty(),
                    unmet,
                    replicas.values().stream()
                            .filter(replica -> !replica.isClosed())
                            .map(LocalReplica::status)
                            .sorted(Comparator.comparing(status -> status.name()))
                            .toList());
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        synchronized (replicas) {
            replicas.values().forEach(LocalReplica::markClosed);
        }
        CountDownLatch done = new CountDownLatch(1);
        loop.closeAll(done::countDown);
        agents.drain(done);
        completeSnapshots.close();
        environment.transport().close();
        agents.stop();
        synchronized (replicas) {
            stores.forEach(KeyValueStateMachine::close);
        }
        environment.log().close();
    }

    /** An agent threw: nothing of this node can be trusted to go on. On the agent's thread, its last call. */
    void onDeath(Agent agent, Throwable cause) {
        loop.haltAll("the thread \"" + agent.name() + "\" has died of " + cause, cause);
        if (agent == loop) {
            synchronized (replicas) {
                replicas.values()
                        .forEach(replica -> replica.halt(new ReplicaHaltedException(
                                "log \"" + replica.name() + "\": the node has died of " + cause, cause)));
            }
            loop.abandon();
        } else {
            loop.submit((unused, now) -> loop.groups().close(now));
        }
    }
}
