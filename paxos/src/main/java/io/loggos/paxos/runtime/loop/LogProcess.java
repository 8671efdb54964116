package io.loggos.paxos.runtime.loop;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.spi.AcceptorLog;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.Meters;
import io.loggos.paxos.core.MultiPaxos;
import io.loggos.paxos.core.ReplicaProgress;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Caller;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.runtime.bulk.CheckpointFetch;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.StateMachineHost;
import io.loggos.snapshot.runtime.RecordedReplica;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One log on one node: its protocol, and what that asks of the node. On the loop's thread. */
public final class LogProcess implements Effects {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogProcess.class);
    /** Read at once for a peer, which gets it in one frame. */
    private static final int READ_BYTES = 1 << 20;
    /** Read at once for the state machine, which after a restart has much to catch up on. */
    private static final int READ_AHEAD_BYTES = 4 << 20;

    private final LocalReplica replica;
    private final StateMachineHost host;
    private final LogServices parts;
    private final MultiPaxos core;
    private final Meters.Summary batchCommands;
    private final Map<PaxosEvent, Meters.Counter> notes = new EnumMap<>(PaxosEvent.class);
    private final CheckpointFetch fetch;

    private @Nullable TurnOutbox turn;
    private @Nullable Outbox<PaxosMessage, LogRecord> outbox;
    private boolean touched;
    private boolean retired;

    public LogProcess(
            LocalReplica replica, StateMachineHost host, LogServices parts, Function<Effects, MultiPaxos> core) {
        this.replica = replica;
        this.host = host;
        this.parts = parts;
        this.core = core.apply(this);
        this.batchCommands = parts.meters().summary("loggos.batch.commands", "commands", "log", replica.name());
        this.fetch = new CheckpointFetch(
                parts.transport(),
                parts.checkpointWorker(),
                parts.checkpoints(),
                replica.log(),
                checkpoint -> true,
                new CheckpointFetch.Listener() {
                    @Override
                    public void installed(long slot) {
                        parts.loop()
                                .submit((loop, now) -> loop.withLog(replica.log(), process -> process.installed(slot)));
                    }

                    @Override
                    public void missed(String reason) {
                        LOGGER.info("no checkpoint of log \"{}\" came: {}", replica.name(), reason);
                        parts.loop()
                                .submit((loop, now) -> loop.withLog(
                                        replica.log(), process -> process.core().onCheckpointMissed()));
                    }
                });
    }

    LogId log() {
        return replica.log();
    }

    LocalReplica replica() {
        return replica;
    }

    StateMachineHost host() {
        return host;
    }

    MultiPaxos core() {
        return core;
    }

    Outbox<PaxosMessage, LogRecord> out() {
        if (outbox == null) {
            throw new IllegalStateException("not begun");
        }
        return outbox;
    }

    private TurnOutbox turn() {
        if (turn == null) {
            throw new IllegalStateException("not begun");
        }
        return turn;
    }

    void begin(TurnOutbox turn, Timers timers, boolean formed, long now) {
        this.turn = turn;
        outbox = turn.of(log(), (id, at) -> timers.set(this, id, at));
        core.start(formed, now, outbox);
    }

    /** Does a step; one that throws is a programming error, and halts this replica rather than the node. */
    void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            replica.halt(new ReplicaHaltedException("log \"" + replica.name() + "\": " + e, e));
        }
    }

    /** Notes that this log has something to do at the end of the turn; false if that was noted before. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    void endTurn(long now, long wallMillis) {
        touched = false;
        if (retired) {
            return;
        }
        step(() -> core.endTurn(now, wallMillis, out()));
        ReplicaProgress progress = core.progress();
        replica.progressed(progress, now);
    }

    boolean isRetired() {
        return retired;
    }

    /** Takes no part any more. */
    void retire() {
        if (!retired) {
            core.retire(out());
            retired = true;
            fetch.cancel();
        }
    }

    private void installed(long slot) {
        replica.checkpointAt(slot);
        core.onCheckpointInstalled(slot, out());
    }

    /**
     * Records this replica for a global snapshot: the protocol as it stands now, and the state machine once it has applied
     * what was handed over before this.
     */
    CompletableFuture<RecordedReplica> record() {
        if (retired) {
            throw new SnapshotException("log \"" + replica.name() + "\" has halted");
        }
        ReplicaProgress progress = core.progress();
        CompletableFuture<RecordedReplica> recorded = new CompletableFuture<>();
        parts.applier().execute(host, () -> {
            try {
                recorded.complete(host.record(progress));
            } catch (RuntimeException e) {
                recorded.completeExceptionally(e);
            }
        });
        return recorded;
    }

    @Override
    public void apply(long slot, Batch batch, @Nullable CommandCaller @Nullable [] callers) {
        batchCommands.record(batch.count());
        parts.applier().execute(host, () -> host.apply(slot, batch, callers));
    }

    @Override
    public void runReads(List<ReadCaller> callers) {
        parts.applier().execute(host, () -> host.runReads(callers));
    }

    @Override
    public void restore(long slot) {
        parts.applier().execute(host, () -> host.restore(slot));
    }

    @Override
    public void fail(Caller caller, Failure failure) {
        caller.fail(replica.failure(failure));
    }

    @Override
    public void readLog(@Nullable NodeId requester, long fromSlot, long throughSlot) {
        AcceptorLog log = parts.log();
        // A chosen value may still be on its way to the disk, and the disk hold another one in its place.
        turn().afterWrites(() -> parts.readWorker().execute(() -> {
            try {
                List<LogEntry> entries =
                        log.read(log(), fromSlot, throughSlot, requester == null ? READ_AHEAD_BYTES : READ_BYTES);
                parts.loop()
                        .submit((loop, now) ->
                                loop.withLog(log(), process -> core.onLogRead(requester, fromSlot, entries, out())));
            } catch (StorageException e) {
                replica.halt(new ReplicaHaltedException(
                        "log \"" + replica.name() + "\": cannot be read at slot " + fromSlot, e));
            }
        }));
    }

    @Override
    public void fetchCheckpoint(NodeId source, long leastSlot) {
        fetch.begin(source, leastSlot);
    }

    @Override
    public void halt(String reason) {
        replica.halt(new ReplicaHaltedException("log \"" + replica.name() + "\": " + reason, null));
    }

    @Override
    public void note(PaxosEvent event) {
        notes.computeIfAbsent(
                        event,
                        unused -> parts.meters()
                                .counter("loggos.events", "log", replica.name(), "event", event.toString()))
                .add(1);
        LOGGER.debug("log \"{}\": {}", replica.name(), event);
        parts.trace().note(log(), event);
    }
}
