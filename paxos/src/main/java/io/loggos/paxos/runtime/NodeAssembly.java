package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.NodeStatus;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.loop.Agent;
import io.loggos.multicast.ProtocolTag;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.core.SharedSecret;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.runtime.GroupHost;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.agent.ApplicationThreads;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
import io.loggos.paxos.runtime.agent.LanePool;
import io.loggos.paxos.runtime.bulk.BulkServer;
import io.loggos.paxos.runtime.bulk.GroupStates;
import io.loggos.paxos.runtime.bulk.LocalSnapshots;
import io.loggos.paxos.runtime.bulk.SnapshotFetch;
import io.loggos.paxos.runtime.bulk.SnapshotTasks;
import io.loggos.paxos.runtime.events.EventFeed;
import io.loggos.paxos.runtime.events.PeerWatch;
import io.loggos.paxos.runtime.loop.GroupWatch;
import io.loggos.paxos.runtime.loop.LinkRouter;
import io.loggos.paxos.runtime.loop.LogMessages;
import io.loggos.paxos.runtime.loop.LogServices;
import io.loggos.paxos.runtime.loop.LoopReplicas;
import io.loggos.paxos.runtime.loop.LoopSnapshots;
import io.loggos.paxos.runtime.loop.NodeEvents;
import io.loggos.paxos.runtime.loop.NodeLoop;
import io.loggos.paxos.runtime.loop.OpenLogs;
import io.loggos.paxos.runtime.loop.PeerContacts;
import io.loggos.paxos.runtime.loop.Timers;
import io.loggos.paxos.runtime.loop.TransportEvents;
import io.loggos.paxos.runtime.loop.TurnOutbox;
import io.loggos.paxos.runtime.loop.WriteProgress;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.restore.RestoredState;
import io.loggos.paxos.runtime.views.LogAgreement;
import io.loggos.snapshot.runtime.SnapshotHost;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.GroupCommit;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Builds the parts of a node in the order of their needs: events, logs, group commit, links, groups, snapshots, loop.
 *
 * <p>Each part is complete when it is built. Calls against this order are events: a router brings the messages of the
 * links to the protocols, and an observer receives the views of the groups. No agent runs before {@link #run}.
 */
final class NodeAssembly {
    /** Name of the directory for the states of groups, which is emptied at each start. */
    static final String GROUPS = "groups";

    /** Name of the first thread for long tasks. */
    private static final String CHECKPOINT = "checkpoint";
    /** Time in a task of one log after which another thread takes over the long tasks of the others. */
    private static final long LONG_TASK_NANOS = TimeUnit.SECONDS.toNanos(1);

    final Configuration configuration;
    final NodeEvents events;
    final EventFeed feed;
    final OpenLogs logs;
    final LoopReplicas replicas;
    final LogServices services;
    final Links links;
    final BulkServer bulk;
    final PeerContacts contacts;
    final GroupHost groups;
    final SnapshotHost snapshots;
    final SnapshotTasks snapshotTasks;
    final LocalSnapshots completeSnapshots;
    /** Writes and fetches checkpoints, snapshots and the states of groups (RULES.md B-12). */
    final LanePool longTasks;
    /** Opens the log of the views of groups. */
    final Executor viewsOpener;

    final NodeLoop loop;
    final ApplicationThreads userCode;

    private final NodeOptions options;
    private final NodeEnvironment environment;
    private final Applier applier;
    private final Scrub scrub;
    private final PeerWatch watch;
    private final BackgroundWorker readWorker;
    private final GroupCommit commit;
    private final WriteProgress progress;
    private final AgentRunner.Seat commitSeat;
    private final AgentRunner.Seat readSeat;
    private final AgentRunner.Seat loopSeat;

    /**
     * Builds the parts of a node.
     *
     * @param views the log of the views of groups; null while it is not open
     */
    NodeAssembly(
            NodeOptions options, NodeEnvironment environment, AgentRunner agents, Supplier<@Nullable Replica> views) {
        this.options = options;
        this.environment = environment;
        this.configuration =
                Configuration.initial(new TreeSet<>(options.members().keySet()));
        this.commitSeat = agents.seat(GroupCommit.NAME, AgentRunner.Kind.NODE);
        AgentRunner.Seat applySeat = agents.seat(Applier.NAME, AgentRunner.Kind.APPLICATION);
        this.readSeat = agents.seat("read", AgentRunner.Kind.NODE);
        AgentRunner.Seat checkpointSeat = agents.seat(CHECKPOINT, AgentRunner.Kind.APPLICATION);
        this.loopSeat = agents.seat(NodeLoop.NAME, AgentRunner.Kind.NODE);
        this.userCode = new ApplicationThreads(agents, options.userCode().onError());

        this.events = new NodeEvents(loopSeat);
        this.feed = new EventFeed(options.id(), userCode);
        this.watch = new PeerWatch(options.id(), configuration.voters(), environment.roster(), feed);
        this.logs = new OpenLogs(options.id(), configuration.voters(), environment.roster(), events);
        this.progress = new WriteProgress(events, logs);
        this.commit = new GroupCommit(
                environment.log(), options.storage(), environment.meters(), environment.clock(), progress, commitSeat);
        Function<String, AgentRunner.Seat> moreSeats = name -> agents.seat(name, AgentRunner.Kind.APPLICATION);
        this.applier = new Applier(applySeat, moreSeats, () -> events.deliver(now -> onApplied()));
        this.readWorker = new BackgroundWorker("read", readSeat);
        this.longTasks = new LanePool(
                new LanePool.Settings(CHECKPOINT, LONG_TASK_NANOS, 1), checkpointSeat, moreSeats, LanePool.UNOBSERVED);
        this.viewsOpener = longTasks.executor();

        this.scrub = new Scrub(
                events,
                logs,
                longTasks.executor(),
                environment.checkpoints(),
                options.storage().scrubBytesPerSecond(),
                environment.meters());
        SnapshotStore snapshotStore = SnapshotStore.open(
                options.dataDirectory().resolve("snapshots"), options.id(), environment.checkpoints()::elsewhere);
        // One after the other: a snapshot is not deleted while it is read.
        Executor snapshotWorker = longTasks.executor();
        this.bulk = new BulkServer(environment.clock(), snapshotStore);
        SnapshotFetch fetch = new SnapshotFetch(options.id(), environment.transport(), snapshotWorker, bulk);
        this.snapshotTasks = new SnapshotTasks(options.id(), snapshotStore, fetch, snapshotWorker, userCode);

        long life = LifeNumbers.ofProcess(
                environment.clock().wallMillis(),
                environment.random().nextLong(),
                environment.roster().lastLife());
        environment.roster().begin(life);
        LinkRouter router = new LinkRouter(
                options.id(),
                new RefusalLog(options.id(), environment.transport(), environment.clock(), watch),
                environment.meters());
        this.links = links(life, router);
        environment.meters().gauge("loggos.links.buffered.bytes", links::bufferedBytes);
        TurnOutbox outbox = new TurnOutbox(
                options.id(),
                configuration.number(),
                environment.roster().incarnation(),
                links,
                commit,
                progress,
                logs::onOwnMessage);
        environment.meters().gauge("loggos.messages.waiting", outbox::waiting);
        Timers timers = new Timers();
        this.contacts = new PeerContacts(options.id(), configuration.voters());
        this.replicas = new LoopReplicas(
                events, logs, timers, outbox, applier, contacts, watch, feed, userCode, options.userCode());
        this.services = new LogServices(
                events,
                logs,
                outbox,
                timers,
                applier,
                readWorker,
                environment.log(),
                environment.checkpoints(),
                environment.transport(),
                environment.meters(),
                environment.trace());

        LogAgreement lines = new LogAgreement(options.id(), views);
        this.groups = groups(agents, life, lines);
        lines.answerTo((group, proposal, primary, higherCounter) ->
                events.submit(now -> groups.onAgreed(group, proposal, primary, higherCounter, now)));
        this.snapshots = new SnapshotHost(new SnapshotHost.Parts(
                options.id(),
                options.clusterId(),
                environment.roster().incarnation(),
                life,
                events,
                new LoopSnapshots(links, logs, groups, snapshotWorker, bulk, fetch, snapshotTasks),
                snapshotStore,
                environment.clock(),
                options.timing().heartbeatInterval(),
                environment.meters(),
                userCode));
        groups.observe(new GroupWatch(logs, snapshots));
        this.completeSnapshots = new LocalSnapshots(snapshotStore, snapshotTasks, snapshots::delete);

        router.add(ProtocolTag.PAXOS, new LogMessages(configuration, environment.roster(), logs, environment.meters()));
        router.add(ProtocolTag.GROUP, new GroupMessages());
        router.add(ProtocolTag.SNAPSHOT, new SnapshotMessages());
        this.loop = new NodeLoop(new NodeLoop.Parts(
                environment.clock(),
                events,
                router,
                links,
                logs,
                timers,
                outbox,
                applier,
                longTasks,
                groups,
                snapshots,
                contacts,
                watch));
    }

    /** Returns the status of the node, with that of its replicas. Any thread. */
    NodeStatus status(List<ReplicaStatus> logs) {
        TreeSet<NodeId> connected = new TreeSet<>(configuration.voters());
        connected.removeIf(member -> !contacts.isConnected(member));
        TreeSet<NodeId> unmet = new TreeSet<>(options.peers().keySet());
        unmet.removeAll(environment.roster().rememberedBy());
        return new NodeStatus(
                options.id(),
                options.clusterId(),
                environment.roster().incarnation(),
                connected,
                unmet.isEmpty(),
                unmet,
                environment.roster().fenced().orElse(null),
                contacts.refusals(),
                logs);
    }

    private void onApplied() {
        logs.onApplied(applier.takeNews());
    }

    private Links links(long life, Links.Listener listener) {
        return new Links(
                options.clusterId(),
                options.id(),
                new TreeSet<>(options.peers().keySet()),
                environment.roster(),
                options.timing(),
                options.transport(),
                life,
                environment.random(),
                options.security().secrets().isEmpty()
                        ? null
                        : new SharedSecret(options.security().secrets(), environment.nonces()),
                listener);
    }

    private GroupHost groups(AgentRunner agents, long life, LogAgreement lines) {
        return new GroupHost(new GroupHost.Parts(
                options.id(),
                new TreeSet<>(configuration.voters()),
                options.timing(),
                environment.clock(),
                new LifeNumbers(life),
                links,
                events,
                new GroupStates(
                        options.id(),
                        DirectoryCheckpointStore.emptied(options.dataDirectory().resolve(GROUPS)),
                        environment.transport(),
                        longTasks::executor,
                        bulk),
                environment.meters(),
                userCode,
                lines,
                RestoredState.in(options.dataDirectory()),
                agents::drain));
    }

    private final class GroupMessages implements LinkRouter.Protocol {
        @Override
        public void onMessage(NodeId from, long number, Bytes message, long now) throws MalformedException {
            groups.onMessage(from, message, now);
        }

        @Override
        public void onOutgoingReset(NodeId peer, long now) {
            groups.onOutgoingReset(peer, now);
        }
    }

    private final class SnapshotMessages implements LinkRouter.Protocol {
        @Override
        public void onMessage(NodeId from, long number, Bytes message, long now) throws MalformedException {
            snapshots.onOwnMessage(from, number, message, now);
        }

        @Override
        public void beforeMessage(NodeId from, long number, Bytes message) {
            snapshots.onMessage(from, number, message);
        }

        @Override
        public void onOutgoingReset(NodeId peer, long now) {
            snapshots.onLinkReset(peer, now);
        }

        @Override
        public void onIncomingReset(NodeId peer, long now) {
            snapshots.onLinkReset(peer, now);
        }
    }

    /**
     * Ends what waits for an agent that threw. Nothing of this node can be trusted to go on. On the agent's thread, its
     * last call.
     */
    void onDeath(Agent agent, Throwable cause) {
        String reason = "the thread \"" + agent.name() + "\" has died of " + cause;
        feed.died(reason);
        if (agent == loop) {
            loop.abandon(reason, cause);
        } else if (agent == commit) {
            // No write will end any more, and a close does not wait for one.
            progress.failed(new StorageException(StorageException.Kind.IO, reason, cause));
            endAll();
        } else {
            logs.haltAll(reason, cause);
            endAll();
        }
        if (applier.has(agent)) {
            applier.close();
        }
        snapshotTasks.close();
    }

    private void endAll() {
        events.submit(now -> {
            groups.close(now);
            groups.abandon();
            snapshots.close();
        });
    }

    /** Ends what waits for an agent, or will, once all agents have stopped. Any thread. */
    void dropAll() {
        events.close();
        applier.close();
    }

    /**
     * Listens for peers, and starts all agents.
     *
     * @param onDeath receives an agent that threw
     * @throws io.loggos.api.TransportException if the address cannot be listened on
     */
    void run(BiConsumer<Agent, Throwable> onDeath) {
        TransportEvents received = new TransportEvents(
                events, links, bulk, watch, options.transport(), options.peers().size());
        environment.meters().gauge("loggos.links.inbox.bytes", received::inboxBytes);
        environment.transport().start(received);
        commitSeat.run(commit, onDeath);
        applier.start(onDeath);
        readSeat.run(readWorker, onDeath);
        longTasks.start(onDeath);
        userCode.start(onDeath);
        loopSeat.run(loop, onDeath);
        loop.start();
        scrub.start();
    }
}
