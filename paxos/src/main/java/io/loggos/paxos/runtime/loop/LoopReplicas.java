package io.loggos.paxos.runtime.loop;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.UnavailableException;
import io.loggos.api.node.NodeEvent;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.internal.loop.EventLoop;
import io.loggos.internal.user.UserCode;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.model.SkipCaller;
import io.loggos.paxos.runtime.events.EventFeed;
import io.loggos.paxos.runtime.events.PeerWatch;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.PendingCommand;
import io.loggos.paxos.runtime.replica.PendingRead;
import io.loggos.paxos.runtime.replica.PendingRequest;
import io.loggos.paxos.runtime.replica.PendingTransfer;
import io.loggos.paxos.runtime.replica.ReplicaLoop;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The loop of a node, as its replicas see it. */
public final class LoopReplicas implements ReplicaLoop {
    private final NodeEvents events;
    private final OpenLogs logs;
    private final Timers timers;
    private final TurnOutbox outbox;
    private final Applier applier;
    private final PeerContacts contacts;
    private final PeerWatch watch;
    private final EventFeed feed;
    private final UserCode userCode;
    private final @Nullable Executor answers;
    /** The time that a closing replica may take to hand its leadership over. */
    private final long handOverNanos;

    public LoopReplicas(
            NodeEvents events,
            OpenLogs logs,
            Timers timers,
            TurnOutbox outbox,
            Applier applier,
            PeerContacts contacts,
            PeerWatch watch,
            EventFeed feed,
            UserCode userCode,
            UserCodeOptions options) {
        this.events = events;
        this.logs = logs;
        this.timers = timers;
        this.outbox = outbox;
        this.applier = applier;
        this.contacts = contacts;
        this.watch = watch;
        this.feed = feed;
        this.userCode = userCode;
        this.answers = options.answers().orElse(null);
        this.handOverNanos = handOverNanos(options);
    }

    /** The time that a node that is closed may take to hand its logs over: half of what its close may take. */
    public static long handOverNanos(UserCodeOptions options) {
        return options.closeTimeout().toNanos() / 2;
    }

    /** Opens a log. Any thread. */
    public void open(LogProcess process) {
        EventLoop.Step step = now -> logs.open(process);
        events.submit(step.orElse(() -> logs.refuse(process)));
    }

    @Override
    public void ask(PendingRequest<?> request) {
        events.ask(request);
    }

    @Override
    public void propose(PendingCommand command, long now) {
        LogProcess process = activeFor(command);
        if (process != null) {
            try {
                process.core().propose(command.command, command.id != null, command, now);
            } catch (RuntimeException e) {
                process.halt(e);
            }
            logs.touch(process);
        }
    }

    @Override
    public void read(PendingRead<?> read, long now) {
        LogProcess process = activeFor(read);
        Slot atLeast = read.atLeast;
        if (process != null) {
            try {
                if (atLeast == null) {
                    process.core().read(read, read.isByLease(), now);
                } else {
                    process.core().readBehind(read, atLeast.value(), now);
                }
            } catch (RuntimeException e) {
                process.halt(e);
            }
            logs.touch(process);
        }
    }

    @Override
    public void transfer(PendingTransfer transfer, long now) {
        LogProcess process = activeFor(transfer);
        if (process != null) {
            process.step(() -> process.core().transfer(transfer.target, transfer, Long.MAX_VALUE, now, process.out()));
            logs.touch(process);
        }
    }

    @Override
    public void readHere(PendingRead<?> read) {
        EventLoop.Step step = now -> {
            LogProcess process = activeFor(read);
            if (process != null) {
                readHere(process, read);
            }
        };
        events.submit(step.orElse(read::dropped));
    }

    private void readHere(LogProcess process, PendingRead<?> read) {
        if (!process.core().isFormed()) {
            // A wiped node that its peers refuse must not show its empty store.
            read.fail(new UnavailableException("log \"" + read.replica.name()
                    + "\": not all nodes of the cluster have met this node, so it may not be part of the cluster"));
            return;
        }
        List<ReadCaller> callers = List.of(read);
        process.handedOver(callers);
        applier.execute(
                process.host(),
                () -> process.host().runReads(callers),
                () -> process.host().dropReads(callers));
    }

    /** The process that a request is for; if it takes no part, the request fails. */
    private @Nullable LogProcess activeFor(PendingRequest<?> request) {
        LogProcess process = logs.active(request.replica);
        if (process == null) {
            request.fail(request.replica.failure(Effects.Failure.UNAVAILABLE));
        }
        return process;
    }

    @Override
    public boolean appliesHere() {
        return applier.isTurnedHere();
    }

    @Override
    public @Nullable Executor answers() {
        return answers;
    }

    @Override
    public void answer(Runnable completion) {
        userCode.answer(completion);
    }

    @Override
    public void onCheckpoint(LocalReplica replica, long slot, long keptSlot) {
        events.submit(now -> logs.with(replica, process -> process.core().onCheckpoint(slot, keptSlot, process.out())));
    }

    @Override
    public void retire(LocalReplica replica) {
        events.submit(now -> logs.retire(replica));
    }

    @Override
    public void close(LocalReplica replica, Runnable whenDone) {
        EventLoop.Step end = now -> {
            LogProcess process = logs.remove(replica);
            if (process == null) {
                // It has not come to its opening, or this loop has retired it with all others.
                outbox.afterEnd(() -> afterLane(replica, whenDone));
                return;
            }
            replica.waitsFor("the end of a write");
            timers.forget(process);
            // The disk first, then what the disk's news may still have given to the state machine, then its
            // checkpoints.
            outbox.afterEnd(() -> {
                replica.waitsFor("the end of a command of its state machine");
                afterLane(replica, () -> {
                    replica.waitsFor("the end of a checkpoint");
                    process.endTasks(whenDone);
                });
            });
        };
        Runnable instead = () -> afterLane(replica, whenDone);
        EventLoop.Step handOver = now -> {
            LogProcess process = logs.active(replica);
            replica.waitsFor("another leader");
            logs.handOver(
                    process == null ? List.of() : List.of(process),
                    handOverNanos,
                    () -> events.submit(end.orElse(instead)));
        };
        events.submit(handOver.orElse(instead));
    }

    /** Runs an action once the state machine of a replica has done what it was given. */
    private void afterLane(LocalReplica replica, Runnable action) {
        applier.after(replica.lane(), () -> {
            applier.end(replica.lane());
            action.run();
        });
    }

    /**
     * Asks all replicas of a log to skip a slot, through the one of this node. Any thread.
     *
     * @param closed takes the place of the caller if the replica is not open
     */
    public void skip(LocalReplica replica, long slot, Set<NodeId> without, SkipCaller caller, Runnable closed) {
        EventLoop.Step step = now -> {
            if (!logs.skip(replica, slot, without, caller)) {
                closed.run();
            }
        };
        events.submit(step.orElse(closed));
    }

    @Override
    public void tell(NodeEvent event) {
        feed.tell(event);
    }

    @Override
    public String reach() {
        return watch.reach();
    }

    @Override
    public long lastContactNanos(Ballot leader) {
        return contacts.lastContactNanos(leader);
    }
}
