package io.loggos.paxos.runtime.loop;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.internal.loop.EventLoop;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.SkipCaller;
import io.loggos.paxos.members.MembersCommand;
import io.loggos.paxos.runtime.members.ClusterMembers;
import io.loggos.paxos.runtime.members.LogPlaces;
import io.loggos.paxos.runtime.members.MembersLog;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.wire.Envelope;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs that are open on a node, and those of them that have something to do in this turn. On the loop's thread. */
public final class OpenLogs implements MembersLog.Logs {
    private static final Logger LOGGER = LoggerFactory.getLogger(OpenLogs.class);
    /** Memory for chosen batches of all logs of a node together. */
    private static final long CACHE_BYTES = 128L << 20;

    private final NodeId self;
    private final ClusterMembers members;
    private final LogPlaces places;
    private final EventLoop loop;
    private final Map<LogId, LogProcess> logs = new TreeMap<>();
    private final List<LogProcess> touched = new ArrayList<>();
    /** The logs that are closed, and whose state machines may not have come to all that they were given. */
    private final List<LogProcess> ending = new ArrayList<>();
    /** The new logs that wait for the next configuration to begin. */
    private final List<LogProcess> waiting = new ArrayList<>();

    private Consumer<LogId> unknownLog = log -> {};
    private LongConsumer configuredLog = now -> {};
    private long now;
    private volatile @Nullable Throwable nodeFailure;
    private boolean closed;

    /**
     * Creates the empty set of logs of a node.
     *
     * @param disk the acceptor logs of this node
     */
    public OpenLogs(ClusterMembers members, AcceptorLog disk, EventLoop loop) {
        this.self = members.self();
        this.members = members;
        this.places = new LogPlaces(members, disk);
        this.loop = loop;
        members.listen((before, changed, at) -> {
            each(process -> process.followMembers(changed, at));
            beginWaiting();
        });
    }

    /** Sets the receiver of the news that a log of this node stands in another configuration. Before the first turn. */
    public void onConfigured(LongConsumer listener) {
        configuredLog = listener;
    }

    /** Notes that a log stands in another configuration. */
    void configured() {
        loop.submit(at -> configuredLog.accept(at));
    }

    private void beginWaiting() {
        if (!members.get().isSealed()) {
            List<LogProcess> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(this::begin);
        }
    }

    private void begin(LogProcess process) {
        if (process.isNew() && members.get().isSealed()) {
            waiting.add(process);
        } else if (!process.isRetired()) {
            process.begin(members.get(), members.isFormed(), now);
            process.followMembers(members.get(), now);
            touch(process);
        }
    }

    @Override
    public MembersCommand.Report report(long incarnation, long number) {
        return places.report(incarnation, number, log -> {
            LogProcess process = logs.get(log);
            return process == null
                    ? null
                    : process.hasBegun() ? process.core().configuration().number() : 0L;
        });
    }

    @Override
    public void aim(LogId log, Configuration target) {
        with(log, process -> process.core().aim(target));
    }

    @Override
    public void aimAll(Configuration target) {
        each(process -> {
            if (!process.log().equals(MembersLog.ID)) {
                process.core().aim(target);
            }
        });
    }

    @Override
    public boolean haveCaughtUp(Iterable<LogId> wanted, long number) {
        for (LogId log : wanted) {
            LogProcess process = logs.get(log);
            if (process == null || !process.hasCaughtUp(number)) {
                return false;
            }
        }
        return true;
    }

    /** Sets the receiver of logs that another node uses and that are not open here. Before the first turn. */
    public void onUnknown(Consumer<LogId> listener) {
        unknownLog = listener;
    }

    /** Takes the time of the turn that begins. */
    void beginTurn(long turnNanos) {
        now = turnNanos;
    }

    /**
     * Ends the turn of each log that has something to do.
     *
     * @param endNanos a time that was read from the clock after all events of this turn had come
     */
    void endTurn(long endNanos, long wallMillis) {
        for (int i = 0; i < touched.size(); i++) {
            touched.get(i).endTurn(now, endNanos, wallMillis);
        }
        touched.clear();
    }

    /** Fails the requests that were handed to state machines and are overdue. */
    void expire(long at) {
        logs.values().forEach(process -> process.expire(at));
        ending.removeIf(process -> process.replica().hasEnded());
        ending.forEach(process -> process.expire(at));
    }

    boolean isIdle() {
        return touched.isEmpty();
    }

    Collection<LogProcess> all() {
        return logs.values();
    }

    /** The other nodes of the cluster. */
    Collection<NodeId> others() {
        return members.peers();
    }

    /** True if this is a node of the cluster. */
    boolean isMember(NodeId node) {
        return node.equals(self) || members.nodes().contains(node);
    }

    /** The process of a replica; null if it has halted, was closed, or is not open yet. */
    @Nullable
    LogProcess active(LocalReplica replica) {
        LogProcess process = logs.get(replica.log());
        return process == null || process.isRetired() || process.replica() != replica ? null : process;
    }

    void touch(LogProcess process) {
        if (!process.isRetired() && process.touch()) {
            touched.add(process);
        }
    }

    /** Runs a step of a log that is open, as part of this turn. */
    void with(LogId log, Consumer<LogProcess> step) {
        LogProcess process = logs.get(log);
        if (process != null) {
            run(process, step);
        }
    }

    /** Runs a step of a replica that is open, as part of this turn. */
    void with(LocalReplica replica, Consumer<LogProcess> step) {
        LogProcess process = active(replica);
        if (process != null) {
            run(process, step);
        }
    }

    private void run(LogProcess process, Consumer<LogProcess> step) {
        if (process.isOpen()) {
            process.step(() -> step.accept(process));
            touch(process);
        }
    }

    /** Runs a step of each log that is open. */
    void each(Consumer<LogProcess> step) {
        logs.values().forEach(process -> run(process, step));
    }

    /** Opens a log on this node. It begins once everything that it begins with is durable. */
    void open(LogProcess process) {
        if (closed) {
            process.replica().markClosed();
            return;
        }
        logs.put(process.log(), process);
        logs.values().forEach(log -> log.core().cacheAtMost(CACHE_BYTES / logs.size()));
        Throwable failure = nodeFailure;
        if (failure != null) {
            halt(process, stopped(failure), failure);
        }
        process.open(() -> begin(process));
    }

    /** Ends a log that is not opened, because the loop has ended. Any thread. */
    void refuse(LogProcess process) {
        Throwable failure = nodeFailure;
        if (failure == null) {
            process.replica().markClosed();
        } else {
            halt(process, stopped(failure), failure);
        }
    }

    private static String stopped(Throwable failure) {
        return "the node has stopped: " + failure.getMessage();
    }

    /** Retires a replica that has halted. */
    void retire(LocalReplica replica) {
        LogProcess process = logs.get(replica.log());
        if (process != null && process.replica() == replica) {
            process.retire();
        }
    }

    /** Ends a life of a log. Returns its process, or null if it was not open. */
    @Nullable
    LogProcess remove(LocalReplica replica) {
        LogProcess process = logs.get(replica.log());
        if (process == null || process.replica() != replica) {
            return null;
        }
        logs.remove(replica.log());
        process.end();
        ending.add(process);
        return process;
    }

    /**
     * Hands the leadership of logs over, where this node leads, and then runs an action. All of it at the same time.
     *
     * <p>The action may run within a step of a log, so it must not change any log itself.
     *
     * @param patienceNanos the time that the hand-over may take
     */
    void handOver(Collection<LogProcess> processes, long patienceNanos, Runnable whenDone) {
        List<LogProcess> leading = processes.stream()
                .filter(process -> process.isOpen() && process.core().leads())
                .toList();
        int[] left = {leading.size() + 1};
        Runnable one = () -> {
            if (--left[0] == 0) {
                whenDone.run();
            }
        };
        for (LogProcess each : leading) {
            // One that another thread has just halted takes part, too: its retirement ends the transfer.
            each.step(() -> each.core().transfer(null, end -> one.run(), patienceNanos, now, each.out()));
            touch(each);
        }
        one.run();
    }

    void retireAll() {
        logs.values().forEach(LogProcess::end);
    }

    /** Closes all logs, and those that are opened from now on. */
    void clear() {
        closed = true;
        retireAll();
        logs.clear();
    }

    /** Takes a message of a peer about a log. */
    void onMessage(NodeId from, Envelope envelope) {
        LogProcess process = logs.get(envelope.log());
        if (process == null) {
            unknownLog.accept(envelope.log());
        } else if (process.takesMessages()) {
            boolean isMember = members.has(process.core().configuration(), from, envelope.incarnation());
            process.step(() -> process.core()
                    .onMessage(from, envelope.configuration(), isMember, envelope.message(), now, process.out()));
            touch(process);
        }
    }

    /** Takes a message that a log has sent to this node itself. */
    public void onOwnMessage(LogId log, PaxosMessage message) {
        pass(self, log, message);
    }

    private void pass(NodeId from, LogId log, PaxosMessage message) {
        LogProcess process = logs.get(log);
        if (process != null && process.takesMessages()) {
            process.step(() -> process.core().onMessage(from, message, now, process.out()));
            touch(process);
        }
    }

    /** Begins a request to skip a slot. False if the replica takes no messages, or has halted for another reason. */
    boolean skip(LocalReplica replica, long slot, Set<NodeId> without, SkipCaller caller) {
        LogProcess process = logs.get(replica.log());
        if (process == null || process.replica() != replica || !process.takesMessages()) {
            return false;
        }
        Set<NodeId> linked = members.get().linked();
        long deadlineNanos = now + replica.options().requestTimeout().toNanos();
        process.step(() -> process.core().skips().begin(slot, linked, without, caller, deadlineNanos, process.out()));
        touch(process);
        return true;
    }

    /** Brings the peers' links up to date, also for logs whose state machines have thrown. */
    void onOutgoingReset(NodeId peer) {
        for (LogProcess process : logs.values()) {
            if (process.takesMessages()) {
                process.step(() -> process.core().onOutgoingReset(peer, process.out()));
                touch(process);
            }
        }
    }

    /** Takes the nodes that are up. */
    public void onNodes(List<NodeId> nodes) {
        each(process -> process.core().onView(nodes, now));
    }

    /** The logs that are open. */
    public List<LogId> open() {
        return List.copyOf(logs.keySet());
    }

    /** Takes a checkpoint of a log that has rotted, and is set aside. */
    public void onCheckpointRotten(LogId log, long slot) {
        with(log, process -> process.onCheckpointRotten(slot));
    }

    /** Takes the progress of state machines. */
    public void onApplied(List<Applier.Applied> applied) {
        applied.forEach(one -> with(one.replica(), process -> {
            process.core().onApplied(one.slot(), one.logTimeMillis());
            if (!one.marks().isEmpty()) {
                process.core().onMarks(one.marks(), now, process.out());
            }
        }));
    }

    /** Halts all logs, and those that are opened from now on. Any thread. */
    public void haltAll(String reason, Throwable cause) {
        loop.submit(at -> fail(reason, cause));
    }

    /** Halts all logs, and those that are opened from now on. */
    void fail(String reason, Throwable cause) {
        nodeFailure = cause;
        LOGGER.error("node {} stops: {}", self.value(), reason, cause);
        logs.values().forEach(process -> halt(process, reason, cause));
    }

    private static void halt(LogProcess process, String reason, Throwable cause) {
        process.replica()
                .halt(new ReplicaHaltedException("log \"" + process.replica().name() + "\": " + reason, cause));
    }
}
