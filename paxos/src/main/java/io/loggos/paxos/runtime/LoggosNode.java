package io.loggos.paxos.runtime;

import io.loggos.api.Address;
import io.loggos.api.LogId;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.View;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.maintenance.KeyValueOptions;
import io.loggos.api.map.ReplicatedMap;
import io.loggos.api.member.MemberChange;
import io.loggos.api.member.Members;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeEvent;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.NodeStatus;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.Participant;
import io.loggos.api.snapshot.Recorder;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.Snapshots;
import io.loggos.api.snapshot.StableProperty;
import io.loggos.api.snapshot.Watch;
import io.loggos.paxos.core.MultiPaxos;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.skip.Skips;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.agent.OwnTasks;
import io.loggos.paxos.runtime.loop.LogEffects;
import io.loggos.paxos.runtime.loop.LogProcess;
import io.loggos.paxos.runtime.loop.LoopReplicas;
import io.loggos.paxos.runtime.loop.NodeEvents;
import io.loggos.paxos.runtime.loop.OpenLogs;
import io.loggos.paxos.runtime.members.MembersLog;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.StateMachineHost;
import io.loggos.paxos.runtime.views.LogAgreement;
import io.loggos.snapshot.runtime.PropertyWatch;
import io.loggos.storage.kv.KeyValueStateMachine;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A node: its agents, put together, and the replicas it has opened. */
public final class LoggosNode implements Node {
    /** Prefix of the names of the library's own logs and groups. */
    private static final String RESERVED = "loggos.";

    private final NodeOptions options;
    private final NodeEnvironment environment;
    private final AgentRunner agents;
    private final NodeAssembly parts;
    private final TreeMap<String, LocalReplica> replicas = new TreeMap<>();
    private final KeyValueStores stores;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final OwnLog views;
    private final OwnLog membersLog;

    private LoggosNode(NodeOptions options, NodeEnvironment environment, AgentRunner agents) {
        this.options = options;
        this.environment = environment;
        this.agents = agents;
        this.stores = new KeyValueStores(options.dataDirectory());
        this.views = own(LogAgreement.LOG, LogAgreement::stateMachine);
        this.membersLog = own(MembersLog.LOG, this::membersMachine);
        this.parts =
                new NodeAssembly(options, environment, agents, views::replica, membersLog::replica, this::openMembers);
    }

    private OwnLog own(String name, Supplier<StateMachine> machine) {
        long pauseNanos = options.timing().electionTimeout().toNanos();
        return new OwnLog(options.id(), name, machine, environment.clock(), pauseNanos);
    }

    private StateMachine membersMachine() {
        return parts.membersLog.stateMachine();
    }

    /**
     * Puts a node together and starts it.
     *
     * @throws io.loggos.api.TransportException if the address cannot be listened on
     */
    public static LoggosNode start(NodeOptions options, NodeEnvironment environment, AgentRunner agents) {
        LoggosNode node = new LoggosNode(options, environment, agents);
        node.parts.logs.onUnknown(node::heardOf);
        node.parts.run(node.parts::onDeath);
        if (node.parts.members.get().hasChanged()) {
            node.openMembers();
        }
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
        return open(reserve(name, replicaOptions), stateMachine, replicaOptions);
    }

    /**
     * Takes the place of a log on this node, before anything on its disk is looked at or changed.
     *
     * <p>The life before must have ended: its queued writes are a part of the next one (RULES.md O-2).
     */
    private LocalReplica reserve(String name, ReplicaOptions chosen) {
        check(chosen);
        LocalReplica last = lastOf(name);
        if (last != null) {
            last.awaitEnd();
        }
        synchronized (replicas) {
            LocalReplica before = replicas.get(name);
            if (before != null && !before.hasEnded()) {
                throw new IllegalStateException("log \"" + name + "\" "
                        + (before.isClosed()
                                ? "is being closed on this node, and waits for " + before.waitsFor()
                                : "is open on this node"));
            }
            LocalReplica replica = new LocalReplica(
                    id(), name, chosen, parts.replicas, environment.clock(), environment.meters(), agents::drain);
            replicas.put(name, replica);
            return replica;
        }
    }

    private @Nullable LocalReplica lastOf(String name) {
        synchronized (replicas) {
            return replicas.get(name);
        }
    }

    /** Opens a log from its disk: its newest sound checkpoint, and what its acceptor has written. */
    private LocalReplica open(LocalReplica replica, StateMachine stateMachine, ReplicaOptions replicaOptions) {
        LogId log = replica.log();
        try {
            environment.log().register(log, replica.name());
            OwnTasks tasks = new OwnTasks(parts.checkpointWorker);
            StateMachineHost host =
                    new StateMachineHost(replica, stateMachine, environment.checkpoints(), tasks, environment.clock());
            long checkpointSlot = host.recover();
            replica.checkpointAt(checkpointSlot);
            OpenedLog opened = OpenedLog.of(log, environment.log().recover(log), checkpointSlot, host.configuration());
            long session = environment.random().nextLong(1, Long.MAX_VALUE);
            LogEffects effects = new LogEffects(replica, host, parts.services);
            MultiPaxos core = new MultiPaxos(
                    id(),
                    log,
                    session,
                    new CurrentConfiguration(id(), environment.roster().incarnation(), beginning(opened)),
                    Limits.of(options, replicaOptions),
                    opened,
                    environment.log().recover(Skips.recordsOf(log)).open(),
                    parts.links.connectivity(),
                    environment.random(),
                    effects);
            parts.bulk.serve(log, environment.checkpoints(), host);
            parts.replicas.open(new LogProcess(replica, host, opened, core, effects, parts.services));
            return replica;
        } catch (RuntimeException | Error e) {
            forget(replica.name());
            throw e;
        }
    }

    private Configuration beginning(OpenedLog opened) {
        Configuration known = opened.configuration();
        return known != null
                ? known
                : opened.isNew()
                        ? parts.members.get().unknown()
                        : parts.members.get().ofOldLog();
    }

    OpenLogs logs() {
        return parts.logs;
    }

    NodeEvents events() {
        return parts.events;
    }

    private void forget(String name) {
        synchronized (replicas) {
            Objects.requireNonNull(replicas.remove(name)).ended();
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
        FrameBounds.check(replicaOptions, options.transport());
    }

    @Override
    public KeyValueStore keyValueStore(String name, ReplicaOptions replicaOptions, KeyValueOptions limits) {
        checkNotReserved("log", name);
        LocalReplica replica = reserve(name, replicaOptions);
        KeyValueStateMachine machine;
        try {
            machine = stores.openState(replica.log());
        } catch (RuntimeException | Error e) {
            forget(replica.name());
            throw e;
        }
        try {
            Replica log = open(replica, machine, replicaOptions);
            return stores.add(log, machine, parts.userCode, limits.forMember(id().value()));
        } catch (RuntimeException | Error e) {
            machine.close();
            throw e;
        }
    }

    @Override
    public Group join(String name, GroupOptions groupOptions, GroupListener listener) {
        checkOpen();
        checkNotReserved("group", name);
        FrameBounds.check(groupOptions, options.transport());
        if (groupOptions.agreement() == GroupOptions.Agreement.LOG) {
            views.open(this::openViews);
        }
        return parts.groups.join(name, groupOptions, listener);
    }

    @Override
    public ReplicatedMap replicatedMap(String name, GroupOptions groupOptions, ReplicatedMap.Listener listener) {
        return io.loggos.multicast.map.GroupMap.join(id(), groupOptions, listener, (all, map) -> join(name, all, map));
    }

    /** Another node uses a log that is not open here. */
    private void heardOf(LogId log) {
        if (views.is(log)) {
            views.openLater(parts.checkpointWorker, this::openViews);
        } else if (membersLog.is(log)) {
            openMembers();
        }
    }

    private LocalReplica openViews(StateMachine machine) {
        checkOpen();
        return open(LogAgreement.LOG, machine, ReplicaOptions.defaults());
    }

    private void openMembers() {
        membersLog.openLater(parts.checkpointWorker, machine -> {
            checkOpen();
            return open(MembersLog.LOG, machine, ReplicaOptions.defaults());
        });
    }

    @Override
    public View view() {
        return parts.groups.nodes().view();
    }

    @Override
    public void onView(Consumer<View> listener) {
        checkOpen();
        parts.groups.nodes().onView(listener);
    }

    @Override
    public CompletableFuture<Void> ready() {
        return parts.feed.ready();
    }

    @Override
    public void onEvent(Consumer<NodeEvent> listener) {
        checkOpen();
        parts.feed.add(Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public CompletableFuture<GlobalSnapshot> snapshot(SnapshotOptions snapshotOptions) {
        checkOpen();
        checkNotReserved("owner of a snapshot", snapshotOptions.owner());
        return parts.snapshots.take(snapshotOptions);
    }

    @Override
    public Snapshots snapshots() {
        return parts.completeSnapshots;
    }

    @Override
    public Participant participant(String name, Recorder recorder) {
        checkOpen();
        return parts.groups.participant(name, recorder);
    }

    @Override
    public <T> Watch<T> watch(StableProperty<T> property, Duration every) {
        checkOpen();
        return PropertyWatch.begin(parts.snapshots, property, every);
    }

    @Override
    public CompletableFuture<Void> skip(String log, Slot slot, Set<NodeId> without) {
        checkOpen();
        LocalReplica replica = lastOf(log);
        if (replica == null || replica.isClosed()) {
            throw new IllegalArgumentException("log \"" + log + "\" is not open on this node");
        }
        return SkipRequest.ask(replica, slot.value(), Set.copyOf(without), parts.replicas, parts.userCode);
    }

    @Override
    public Members members() {
        return parts.memberFutures.present();
    }

    @Override
    public CompletableFuture<Members> changeMembers(long expectedNumber, List<MemberChange> changes) {
        checkOpen();
        return parts.membersLog.change(expectedNumber, List.copyOf(changes));
    }

    @Override
    public NodeStatus status() {
        synchronized (replicas) {
            return parts.status(replicas.values().stream()
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
        parts.feed.closing();
        synchronized (replicas) {
            replicas.values().forEach(LocalReplica::markClosed);
        }
        stores.endWatches();
        parts.memberFutures.close();
        CountDownLatch done = new CountDownLatch(1);
        parts.loop.closeAll(LoopReplicas.handOverNanos(options.userCode()), done::countDown);
        boolean drained = agents.drain(done);
        parts.snapshotTasks.close();
        environment.transport().close();
        agents.stop(!drained, this::release);
        parts.dropAll();
    }

    /** Closes what the threads of this node use, once all of them have ended. */
    private void release() {
        stores.close();
        environment.log().close();
        environment.meters().close();
    }
}
