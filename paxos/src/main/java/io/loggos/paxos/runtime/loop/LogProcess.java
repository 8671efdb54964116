package io.loggos.paxos.runtime.loop;

import io.loggos.api.LogId;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.MultiPaxos;
import io.loggos.paxos.core.ReplicaProgress;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.StateMachineHost;
import io.loggos.snapshot.runtime.RecordedReplica;
import java.util.concurrent.CompletableFuture;

/** One log on one node. On the loop's thread. */
public final class LogProcess {
    private final LocalReplica replica;
    private final StateMachineHost host;
    private final MultiPaxos core;
    private final LogEffects effects;
    private final Applier applier;
    private final Outbox<PaxosMessage, LogRecord> out;
    private boolean touched;
    private boolean retired;

    /**
     * A log that has not begun.
     *
     * @param core the protocol, whose effects are {@code effects}
     */
    public LogProcess(
            LocalReplica replica, StateMachineHost host, MultiPaxos core, LogEffects effects, LogServices services) {
        this.replica = replica;
        this.host = host;
        this.core = core;
        this.effects = effects;
        this.applier = services.applier();
        this.out = services.outbox()
                .of(replica.log(), (id, at) -> services.timers().set(this, id, at));
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
        return out;
    }

    /**
     * Begins to take part.
     *
     * @param formed true if all nodes of the cluster have met each other
     */
    void begin(boolean formed, long now) {
        core.start(formed, now, out);
    }

    /** Does a step; one that throws is a programming error, and halts this replica rather than the node. */
    void step(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            halt(e);
        }
    }

    /** Halts this replica, because a step of it has thrown. */
    void halt(RuntimeException cause) {
        replica.halt(new ReplicaHaltedException("log \"" + replica.name() + "\": " + cause, cause));
    }

    /** Notes that this log has something to do at the end of the turn; false if that was noted before. */
    boolean touch() {
        boolean first = !touched;
        touched = true;
        return first;
    }

    void endTurn(long now, long wallMillis) {
        touched = false;
        if (isRetired()) {
            return;
        }
        step(() -> core.endTurn(now, wallMillis, out));
        ReplicaProgress progress = core.progress();
        replica.progressed(progress, now);
    }

    /** True if this log takes no part any more. One that has halted in this turn gets none of the turn's further events. */
    boolean isRetired() {
        return retired || replica.isHalted();
    }

    /** Takes no part any more. */
    void retire() {
        if (!retired) {
            retired = true;
            step(() -> core.retire(out));
            effects.cancel();
        }
    }

    /** Gives up what is under way for a log that is being closed. */
    void cancel() {
        effects.cancel();
    }

    void installed(long slot) {
        replica.checkpointAt(slot);
        core.onCheckpointInstalled(slot, out);
    }

    /**
     * Records this replica for a global snapshot.
     *
     * <p>The protocol is recorded as it stands now, the state machine once it has applied all batches that it was handed
     * before.
     */
    CompletableFuture<RecordedReplica> record() {
        if (isRetired()) {
            throw new SnapshotException("log \"" + replica.name() + "\" has halted");
        }
        ReplicaProgress progress = core.progress();
        CompletableFuture<RecordedReplica> recorded = new CompletableFuture<>();
        applier.execute(
                host,
                () -> {
                    try {
                        recorded.complete(host.record(progress));
                    } catch (RuntimeException e) {
                        recorded.completeExceptionally(e);
                    }
                },
                () -> recorded.completeExceptionally(
                        new SnapshotException("log \"" + replica.name() + "\" has ended")));
        return recorded;
    }
}
