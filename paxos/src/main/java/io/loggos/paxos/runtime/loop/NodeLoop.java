package io.loggos.paxos.runtime.loop;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.Roster;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.ProtocolTag;
import io.loggos.multicast.core.Links;
import io.loggos.multicast.runtime.GroupHost;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.runtime.agent.Inbox;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.PendingCommand;
import io.loggos.paxos.runtime.replica.PendingRead;
import io.loggos.paxos.runtime.replica.PendingRequest;
import io.loggos.paxos.wire.Envelope;
import io.loggos.paxos.wire.PaxosCodec;
import io.loggos.snapshot.runtime.SnapshotHost;
import io.loggos.storage.GroupCommit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The duty cycle of a node: it owns the protocol state of all its logs and links. A turn takes what has
 * queued, steps each event, and then lets the effects out together: one submission to the log, one frame to
 * each peer.
 */
public final class NodeLoop implements Agent, Links.Listener, GroupCommit.Listener {
    private static final Logger LOGGER = LoggerFactory.getLogger(NodeLoop.class);
    private static final int EVENTS_PER_TURN = 4096;
    /** What the logs of a node keep of chosen batches in memory, all together. */
    private static final long CACHE_BYTES = 128L << 20;

    private final NodeId self;
    private final Configuration configuration;
    private final Clock clock;
    private final Roster roster;
    private final Applier applier;
    private final Links links;
    private final SnapshotHost snapshots;
    private final GroupHost groups;
    private final TurnOutbox outbox;
    private final Meters.Counter malformed;
    private final Meters.Counter foreign;

    private final Inbox inbox = new Inbox();
    private final LoopSteps steps = new LoopSteps(this);
    /**
     * Whether a write is under way, whose end will turn this loop. A call that comes meanwhile would wait for that
     * anyhow, so it wakes nobody.
     */
    private volatile boolean writing;

    private volatile Waker waker = () -> {};
    private final Map<LogId, LogProcess> logs = new TreeMap<>();
    private final List<LogProcess> touched = new ArrayList<>();
    private final Timers timers = new Timers();
    private long now;
    private boolean graphChanged;
    private @Nullable Runnable closed;
    private @Nullable Throwable nodeFailure;
    private Dialer dialer = new NoDialer();
    private Consumer<LogId> unknownLog = log -> {};
    private final PeerContacts contacts;

    /** Reaches the transport, which is there only after the loop. */
    public interface Dialer {
        void dial(NodeId peer);

        void refused(NodeId peer, String reason);
    }

    private static final class NoDialer implements Dialer {
        @Override
        public void dial(NodeId peer) {}

        @Override
        public void refused(NodeId peer, String reason) {}
    }

    /**
     * A loop with its links.
     *
     * @param links makes the links, given their listener
     * @param snapshots makes the global snapshots, given their loop
     * @param groups makes the groups, given their loop
     * @param commit makes the group commit, given its listener
     */
    public NodeLoop(
            NodeId self,
            Configuration configuration,
            Clock clock,
            Roster roster,
            Applier applier,
            Meters meters,
            Function<Links.Listener, Links> links,
            Function<NodeLoop, SnapshotHost> snapshots,
            Function<NodeLoop, GroupHost> groups,
            Function<GroupCommit.Listener, GroupCommit> commit) {
        this.self = self;
        this.configuration = configuration;
        this.clock = clock;
        this.contacts = new PeerContacts(self, configuration.voters());
        this.roster = roster;
        this.applier = applier;
        applier.reportTo(applied -> deliver((unused, at) -> applied.forEach(this::onApplied)));
        this.links = links.apply(this);
        this.snapshots = snapshots.apply(this);
        this.groups = groups.apply(this);
        this.outbox = new TurnOutbox(
                self, configuration.number(), roster.incarnation(), this.links, commit.apply(this), this::toSelf);
        this.malformed = meters.counter("loggos.messages.malformed");
        this.foreign = meters.counter("loggos.messages.foreign");
    }

    public void wakeWith(Waker newWaker) {
        waker = newWaker;
    }

    public Links links() {
        return links;
    }

    public SnapshotHost snapshots() {
        return snapshots;
    }

    Collection<LogProcess> logs() {
        return logs.values();
    }

    /** The time of the turn. */
    long now() {
        return now;
    }

    /** The loop, as the groups of its node see it. */
    public LoopSteps steps() {
        return steps;
    }

    public GroupHost groups() {
        return groups;
    }

    public Connectivity connectivity() {
        return links.connectivity();
    }

    /** Queues an event. Any thread. */
    public void submit(Inbox.Step step) {
        inbox.add(step);
        waker.wake();
    }

    /** Queues an event that a thread of the node brings, which may turn this loop at once. */
    void deliver(Inbox.Step step) {
        inbox.add(step);
        waker.turn();
    }

    /** Queues what a caller asks for. Any thread. */
    public void ask(PendingRequest<?> asked) {
        inbox.add(asked);
        if (!writing) {
            waker.wake();
        }
    }

    @Override
    public String name() {
        return "loop";
    }

    @Override
    public int doWork() {
        now = clock.nanos();
        int work = 0;
        for (Inbox.Event event = inbox.poll(); event != null; event = inbox.poll()) {
            event.on(this, now);
            if (++work == EVENTS_PER_TURN) {
                break;
            }
        }
        if (now >= links.nextTickNanos()) {
            links.onTick(now);
            work++;
        }
        work += timers.fire(now, this::onTimer);
        work += outbox.release();
        endTurn();
        return work;
    }

    private void endTurn() {
        if (graphChanged) {
            graphChanged = false;
            contacts.connectivity(connectivity());
            groups.onConnectivity(now);
            logs.values().forEach(log -> {
                log.core().onConnectivity();
                touch(log);
            });
        }
        contacts.heard(links, now);
        long wallMillis = clock.wallMillis();
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).endTurn(now, wallMillis);
        }
        touched.clear();
        snapshots.endTurn(now);
        steps.run(now);
        groups.endTurn(now);
        // What needed no write of this turn need not wait for the next one.
        outbox.release();
        // The others first: the way to their disks is longer than to the own one. Last what nobody else waits for.
        links.flush(now);
        outbox.submit();
        applier.handOver();
        // Set before the inbox is looked at for the last time: who adds a call looks here after having added it.
        writing = outbox.isWriting();
        if (closed != null && groups.isClosed()) {
            links.close("the node is closed");
            closed.run();
            closed = null;
        }
    }

    @Override
    public long nextWorkNanos() {
        boolean idle = (writing || inbox.isEmpty()) && touched.isEmpty();
        long others = Math.min(steps.nextNanos(), Math.min(groups.nextTickNanos(), snapshots.nextTickNanos()));
        return idle ? Math.min(others, Math.min(links.nextTickNanos(), timers.next())) : Long.MIN_VALUE;
    }

    /** The process of a log that takes part; null if it is not open here or has halted. */
    private @Nullable LogProcess active(LogId log) {
        LogProcess process = logs.get(log);
        return process == null || process.isRetired() ? null : process;
    }

    private void touch(LogProcess process) {
        if (!process.isRetired() && process.touch()) {
            touched.add(process);
        }
    }

    private void onTimer(LogProcess process, Timers.Timer timer) {
        process.step(() -> process.core().onTimer(timer.id(), now, process.out()));
        touch(process);
    }

    /** Opens a log on this node. */
    public void open(LogProcess process) {
        logs.put(process.log(), process);
        logs.values().forEach(log -> log.core().cacheAtMost(CACHE_BYTES / logs.size()));
        if (nodeFailure != null) {
            halt(process, "the node has stopped", nodeFailure);
        }
        process.begin(outbox, timers, formed(), now);
        touch(process);
    }

    /** Whom this node is in contact with. Any thread. */
    public PeerContacts contacts() {
        return contacts;
    }

    boolean formed() {
        return roster.rememberedBy().containsAll(others());
    }

    /** The other nodes of the cluster. */
    List<NodeId> others() {
        return configuration.voters().stream()
                .filter(voter -> !voter.equals(self))
                .toList();
    }

    /** The nodes that are up have changed. */
    public void onNodes(List<NodeId> nodes) {
        logs.keySet().forEach(log -> withLog(log, process -> process.core().onView(nodes, now)));
    }

    public void propose(PendingCommand call, long at) {
        LogProcess process = active(call.replica.log());
        if (process == null) {
            call.fail(call.replica.failure(Effects.Failure.UNAVAILABLE));
        } else {
            process.core().propose(call.command, call, at);
            touch(process);
        }
    }

    public void read(PendingRead<?> call, long at) {
        LogProcess process = active(call.replica.log());
        if (process == null) {
            call.fail(call.replica.failure(Effects.Failure.UNAVAILABLE));
        } else {
            process.core().read(call, at);
            touch(process);
        }
    }

    /** Runs a read without asking anybody. Any thread. */
    public void runLocally(PendingRead<?> call) {
        submit((unused, at) -> {
            LogProcess process = active(call.replica.log());
            if (process == null) {
                call.fail(call.replica.failure(Effects.Failure.UNAVAILABLE));
            } else {
                applier.execute(process.host(), () -> process.host().runReads(List.of(call)));
            }
        });
    }

    private void onApplied(Applier.Applied applied) {
        withLog(applied.log(), process -> process.core().onApplied(applied.slot()));
    }

    public void onCheckpoint(LogId log, long keptSlot) {
        withLog(log, process -> process.core().onCheckpoint(keptSlot, process.out()));
    }

    /** Does a step of a log that is open, as part of this turn. */
    void withLog(LogId log, Consumer<LogProcess> step) {
        LogProcess process = active(log);
        if (process != null) {
            process.step(() -> step.accept(process));
            touch(process);
        }
    }

    /** Stops a log; it stays known, so that its status can be seen. */
    public void retire(LogId log) {
        LogProcess process = active(log);
        if (process != null) {
            process.retire();
        }
    }

    /** Closes a replica; returns at once. */
    public void close(LocalReplica replica, Runnable whenDone) {
        submit((unused, at) -> {
            retire(replica.log());
            LogProcess process = logs.remove(replica.log());
            if (process != null) {
                timers.forget(process);
            }
            applier.afterAll(whenDone);
        });
    }

    /** The thread of this loop has died, and this is its last call: fails all that callers wait for. */
    public void abandon() {
        logs.keySet().forEach(this::retire);
        groups.abandon();
        snapshots.close();
    }

    /** Closes all replicas, leaves all groups, and closes the links once that is done. */
    public void closeAll(Runnable whenDone) {
        submit((unused, at) -> {
            logs.values().forEach(LogProcess::retire);
            logs.clear();
            snapshots.close();
            groups.close(at);
            closed = () -> applier.afterAll(whenDone);
        });
    }

    private void toSelf(LogId log, PaxosMessage message) {
        withLog(log, process -> process.core().onMessage(self, message, now, process.out()));
    }

    @Override
    public void durable(long through) {
        deliver((unused, at) -> outbox.durable(through));
    }

    @Override
    public void failed(StorageException cause) {
        haltAll("the disk cannot be written: " + cause.getMessage(), cause);
    }

    /** Halts all logs, and those that are opened from now on. Any thread. */
    public void haltAll(String reason, Throwable cause) {
        submit((unused, at) -> {
            nodeFailure = cause;
            LOGGER.error("node {} stops: {}", self.value(), reason, cause);
            logs.values().forEach(process -> halt(process, reason, cause));
        });
    }

    private static void halt(LogProcess process, String reason, Throwable cause) {
        process.replica()
                .halt(new ReplicaHaltedException("log \"" + process.replica().name() + "\": " + reason, cause));
    }

    @Override
    public void onMessage(NodeId from, long number, Bytes message) {
        try {
            ProtocolTag channel = ProtocolTag.of(message);
            if (channel == ProtocolTag.SNAPSHOT) {
                snapshots.onOwnMessage(from, number, message, now);
                return;
            }
            snapshots.onMessage(from, number, message);
            if (channel == ProtocolTag.GROUP) {
                groups.onMessage(from, message, now);
                return;
            }
            Envelope envelope = PaxosCodec.decode(message);
            if (envelope.configuration() != configuration.number()
                    || !roster.met(from)
                            .filter(met -> met == envelope.incarnation())
                            .isPresent()) {
                foreign.add(1);
                return;
            }
            if (!logs.containsKey(envelope.log())) {
                unknownLog.accept(envelope.log());
            }
            withLog(envelope.log(), process -> process.core().onMessage(from, envelope.message(), now, process.out()));
        } catch (MalformedException e) {
            malformed.add(1);
            LOGGER.debug("node {}: malformed message from {}", self.value(), from, e);
        }
    }

    @Override
    public void onOutgoingReset(NodeId peer) {
        logs.keySet().forEach(log -> withLog(log, process -> process.core().onOutgoingReset(peer, process.out())));
        groups.onOutgoingReset(peer, now);
        snapshots.onLinkReset(peer, now);
    }

    @Override
    public void onIncomingReset(NodeId peer) {
        logs.keySet().forEach(log -> withLog(log, process -> process.core().onIncomingReset(peer)));
        snapshots.onLinkReset(peer, now);
    }

    @Override
    public void onConnectivityChanged() {
        graphChanged = true;
    }

    @Override
    public void onFormed() {
        LOGGER.info("node {}: all nodes have met", self.value());
        logs.keySet().forEach(log -> withLog(log, process -> process.core().onFormed(process.out())));
    }

    @Override
    public void connect(NodeId peer) {
        dialer.dial(peer);
    }

    @Override
    public void onPeerRefused(NodeId peer, String reason) {
        dialer.refused(peer, reason);
    }

    /** Whom to tell of messages about a log that is not open here. */
    public void onUnknownLog(Consumer<LogId> listener) {
        unknownLog = listener;
    }

    public void dialWith(Dialer newDialer) {
        dialer = newDialer;
    }
}
