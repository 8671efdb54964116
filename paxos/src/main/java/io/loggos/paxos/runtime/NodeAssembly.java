package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.node.NodeEvent;
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
import io.loggos.paxos.members.Membership;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.agent.ApplicationThreads;
import io.loggos.paxos.runtime.agent.BackgroundWorker;
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
import io.loggos.paxos.runtime.members.ClusterMembers;
import io.loggos.paxos.runtime.members.MemberFutures;
import io.loggos.paxos.runtime.members.MembersLog;
import io.loggos.paxos.runtime.members.Newcomer;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.restore.RestoredState;
import io.loggos.paxos.runtime.views.LogAgreement;
import io.loggos.snapshot.runtime.SnapshotHost;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.storage.GroupCommit;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.util.List;
import java.util.SortedSet;
import java.util.function.BiConsumer;
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

    final ClusterMembers members;
    final MembersLog membersLog;
    final MemberFutures memberFutures;
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
    final BackgroundWorker checkpointWorker;
    final NodeLoop loop;
    final ApplicationThreads userCode;

    private final NodeOptions options;
    private final NodeEnvironment environment;
    private final Applier applier;
    private final Scrub scrub;
    private final PeerWatch watch;
    private final Newcomer newcomer;
    private final Runnable openMembers;
    private final BackgroundWorker readWorker;
    private final GroupCommit commit;
    private final WriteProgress progress;
    private final AgentRunner.Seat commitSeat;
    private final AgentRunner.Seat readSeat;
    private final AgentRunner.Seat checkpointSeat;
    private final AgentRunner.Seat loopSeat;

    /**
     * Builds the parts of a node.
     *
     * @param views the log of the views of groups; null while it is not open
     * @param membersReplica the log that decides the members; null while it is not open
     * @param openMembers opens that log, later
     */
    NodeAssembly(
            NodeOptions options,
            NodeEnvironment environment,
            AgentRunner agents,
            Supplier<@Nullable Replica> views,
            Supplier<@Nullable Replica> membersReplica,
            Runnable openMembers) {
        this.options = options;
        this.openMembers = openMembers;
        this.environment = environment;
        this.members = new ClusterMembers(options, environment.roster());
        environment.transport().peers(members.addresses());
        this.commitSeat = agents.seat(GroupCommit.NAME, AgentRunner.Kind.NODE);
        AgentRunner.Seat applySeat = agents.seat(Applier.NAME, AgentRunner.Kind.APPLICATION);
        this.readSeat = agents.seat("read", AgentRunner.Kind.NODE);
        this.checkpointSeat = agents.seat("checkpoint", AgentRunner.Kind.APPLICATION);
        this.loopSeat = agents.seat(NodeLoop.NAME, AgentRunner.Kind.NODE);
        this.userCode = new ApplicationThreads(agents, options.userCode().onError());

        this.events = new NodeEvents(loopSeat);
        this.feed = new EventFeed(options.id(), userCode);
        this.watch = new PeerWatch(options.id(), List.copyOf(members.nodes()), environment.roster(), feed);
        this.logs = new OpenLogs(members, environment.log(), events);
        this.progress = new WriteProgress(events, logs);
        this.commit = new GroupCommit(
                environment.log(), options.storage(), environment.meters(), environment.clock(), progress, commitSeat);
        this.applier = new Applier(
                applySeat,
                name -> agents.seat(name, AgentRunner.Kind.APPLICATION),
                () -> events.deliver(now -> onApplied()));
        this.readWorker = new BackgroundWorker("read", readSeat);
        this.checkpointWorker = new BackgroundWorker("checkpoint", checkpointSeat);

        this.scrub = new Scrub(
                events,
                logs,
                checkpointWorker,
                environment.checkpoints(),
                options.storage().scrubBytesPerSecond(),
                environment.meters());
        SnapshotStore snapshotStore = SnapshotStore.open(
                options.dataDirectory().resolve("snapshots"), options.id(), environment.checkpoints()::elsewhere);
        this.bulk = new BulkServer(environment.clock(), snapshotStore);
        SnapshotFetch fetch = new SnapshotFetch(options.id(), environment.transport(), checkpointWorker, bulk);
        this.snapshotTasks = new SnapshotTasks(options.id(), snapshotStore, fetch, checkpointWorker, userCode);

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
                options.id(), environment.roster().incarnation(), links, commit, progress, logs::onOwnMessage);
        environment.meters().gauge("loggos.messages.waiting", outbox::waiting);
        Timers timers = new Timers();
        this.contacts = new PeerContacts(options.id(), members.nodes());
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

        this.memberFutures = new MemberFutures(userCode, members);
        this.membersLog = new MembersLog(
                members,
                environment.roster().incarnation(),
                events,
                logs,
                links.connectivity(),
                options.timing().electionTimeout().toNanos(),
                membersReplica,
                openMembers,
                memberFutures);
        logs.onConfigured(membersLog::look);
        this.newcomer =
                new Newcomer(options, environment.roster().incarnation(), environment.transport(), events, members);

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
                new LoopSnapshots(links, logs, groups, checkpointWorker, bulk, fetch, snapshotTasks),
                snapshotStore,
                environment.clock(),
                options.timing().heartbeatInterval(),
                environment.meters(),
                userCode));
        groups.observe(new GroupWatch(logs, snapshots));
        this.completeSnapshots = new LocalSnapshots(snapshotStore, snapshotTasks, snapshots::delete);

        if (members.get().present().number() > 1) {
            watch.members(members.get().present());
        }
        members.listen(this::onMembers);
        router.add(ProtocolTag.PAXOS, new LogMessages(environment.roster(), logs, environment.meters()));
        router.add(ProtocolTag.GROUP, new GroupMessages());
        router.add(ProtocolTag.SNAPSHOT, new SnapshotMessages(snapshots));
        this.loop = new NodeLoop(new NodeLoop.Parts(
                environment.clock(),
                events,
                router,
                links,
                logs,
                timers,
                outbox,
                applier,
                groups,
                snapshots,
                contacts,
                watch));
    }

    /** Returns the status of the node, with that of its replicas. Any thread. */
    NodeStatus status(List<ReplicaStatus> logs) {
        SortedSet<NodeId> unmet = members.unmet();
        return new NodeStatus(
                options.id(),
                options.clusterId(),
                environment.roster().incarnation(),
                contacts.connected(),
                unmet.isEmpty(),
                unmet,
                environment.roster().fenced().orElse(null),
                contacts.refusals(),
                logs);
    }

    private void onMembers(Membership before, Membership now, long at) {
        environment.transport().peers(members.addresses());
        links.peers(members.peers(), now.removed(), at);
        contacts.members(members.nodes());
        if (now.present().number() != before.present().number()) {
            watch.members(now.present());
            feed.tell(new NodeEvent.ConfigurationChanged(MemberFutures.of(now.present(), null)));
            openMembers.run();
        }
    }

    private void onApplied() {
        logs.onApplied(applier.takeNews());
    }

    private Links links(long life, Links.Listener listener) {
        return new Links(
                options.clusterId(),
                options.id(),
                members.peers(),
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
                members.nodes(),
                options.timing(),
                environment.clock(),
                new LifeNumbers(life),
                links,
                events,
                new GroupStates(
                        options.id(),
                        DirectoryCheckpointStore.emptied(options.dataDirectory().resolve(GROUPS)),
                        environment.transport(),
                        checkpointWorker,
                        bulk),
                environment.meters(),
                userCode,
                lines,
                RestoredState.in(options.dataDirectory()),
                agents::drain));
    }

    private final class GroupMessages implements LinkRouter.Protocol {
        @Override
        public void onRemoved(String reason) {
            memberFutures.removed();
        }

        @Override
        public void onMessage(NodeId from, long number, Bytes message, long now) throws MalformedException {
            groups.onMessage(from, message, now);
        }

        @Override
        public void onOutgoingReset(NodeId peer, long now) {
            groups.onOutgoingReset(peer, now);
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
                events,
                links,
                bulk,
                watch,
                membersLog::join,
                options.transport(),
                options.peers().size());
        members.listen((before, now, at) -> received.peers(members.peers().size()));
        environment.meters().gauge("loggos.links.inbox.bytes", received::inboxBytes);
        environment.transport().start(received);
        commitSeat.run(commit, onDeath);
        applier.start(onDeath);
        readSeat.run(readWorker, onDeath);
        checkpointSeat.run(checkpointWorker, onDeath);
        userCode.start(onDeath);
        loopSeat.run(loop, onDeath);
        loop.start();
        scrub.start();
        if (members.get().present().number() == 0) {
            events.submit(now -> newcomer.start());
        }
    }
}
