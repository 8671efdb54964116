package io.loggos.paxos.runtime.loop;

import io.loggos.api.LogId;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.MultiPaxos;
import io.loggos.paxos.core.ReplicaProgress;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.members.Membership;
import io.loggos.paxos.runtime.replica.Applier;
import io.loggos.paxos.runtime.replica.LocalReplica;
import io.loggos.paxos.runtime.replica.StateMachineHost;
import io.loggos.snapshot.runtime.RecordedReplica;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One life of a log on one node: from its opening to its end. On the loop's thread.
 *
 * <p>Its {@link LocalReplica} identifies it. What comes back late from another thread names the replica, so that it
 * never reaches the next life of the log.
 */
public final class LogProcess {
    private enum State {
        /** Its first writes are not durable yet. It keeps the requests of callers, and nothing else reaches it. */
        OPENING,
        OPEN,
        /** Its state machine has thrown. It takes part in nothing but the agreement to skip that slot. */
        HALTED_AT_SLOT,
        /** It has halted for another reason, or was closed. */
        RETIRED
    }

    private final LocalReplica replica;
    private final StateMachineHost host;
    private final MultiPaxos core;
    private final LogEffects effects;
    private final Applier applier;
    private final List<LogRecord> firstWrites;
    /** True if this node had nothing of the log when it was opened. */
    private final boolean isNew;

    private final TurnOutbox.LogOutbox out;
    private State state = State.OPENING;
    private boolean touched;

    /**
     * A log that has not begun.
     *
     * @param opened the facts that {@code core} begins with
     * @param core the protocol, whose effects are {@code effects}
     */
    public LogProcess(
            LocalReplica replica,
            StateMachineHost host,
            OpenedLog opened,
            MultiPaxos core,
            LogEffects effects,
            LogServices services) {
        this.replica = replica;
        this.host = host;
        this.core = core;
        this.effects = effects;
        this.applier = services.applier();
        this.firstWrites = opened.firstWrites();
        this.isNew = opened.isNew();
        this.out = services.outbox()
                .of(
                        replica.log(),
                        () -> core.configuration().number(),
                        (id, at) -> services.timers().set(this, id, at));
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

    /** Writes what must be durable first, and then runs an action, which {@link #begin begins} (RULES.md O-1). */
    void open(Runnable whenDurable) {
        firstWrites.forEach(out::persist);
        out.afterWrites(whenDurable);
    }

    /** True if this node had nothing of the log when it was opened, so that the members decide how it begins. */
    boolean isNew() {
        return isNew;
    }

    /**
     * Begins to take part.
     *
     * @param members the members as this node knows them
     * @param formed true if all founders of the cluster have met each other
     */
    void begin(Membership members, boolean formed, long now) {
        state = State.OPEN;
        if (isNew) {
            core.standIn(members.ofNewLog(log()), out);
        }
        core.start(formed, now, out);
    }

    /** True once it has begun in a configuration. */
    boolean hasBegun() {
        return state != State.OPENING;
    }

    /** Goes on in the present configuration, if nothing of this log was chosen before: the catalogue lacks it then. */
    void followMembers(Membership members, long now) {
        long number = core.configuration().number();
        if (number > 0
                && number < members.present().number()
                && !members.catalogue().containsKey(log())) {
            step(() -> core.enter(members.present(), now, out));
        }
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

    void endTurn(long beginNanos, long endNanos, long wallMillis) {
        touched = false;
        if (isRetired()) {
            return;
        }
        step(() -> core.endTurn(endNanos, wallMillis, out));
        ReplicaProgress progress = core.progress();
        replica.progressed(progress, beginNanos);
        long held = core.skips().heldSlot();
        if (held != 0) {
            replica.waitsFor("the agreement of all replicas to skip slot " + held);
        }
    }

    /** True while it takes part: messages and events reach it. One that has halted in this turn gets no further event. */
    boolean isOpen() {
        return state == State.OPEN && !replica.isHalted();
    }

    /** True if it takes no part any more. */
    boolean isRetired() {
        return state == State.RETIRED || state == State.HALTED_AT_SLOT || replica.isHalted();
    }

    /** Takes no part any more, because it has halted. */
    void retire() {
        if (isOver()) {
            return;
        }
        long haltedAt = replica.isClosed() ? 0 : host.haltedAt();
        if (haltedAt == 0) {
            end();
        } else {
            state = State.HALTED_AT_SLOT;
            step(() -> core.retire(haltedAt, out));
            effects.cancel();
        }
    }

    private boolean isOver() {
        return state == State.RETIRED || state == State.HALTED_AT_SLOT;
    }

    /** Takes no part any more. Every message that waits for a write is discarded (RULES.md O-2). */
    void end() {
        if (state != State.RETIRED) {
            state = State.RETIRED;
            step(() -> core.retire(0, out));
            out.close();
            effects.cancel();
        }
    }

    /** True if messages reach it: it takes part, or its state machine has thrown at a slot. */
    boolean takesMessages() {
        if (replica.isHalted()) {
            retire(); // The loop may not have come to it.
        }
        return isOpen() || state == State.HALTED_AT_SLOT;
    }

    /** Notes reads that were handed to the state machine. */
    void handedOver(List<ReadCaller> callers) {
        effects.handedOver(callers);
    }

    /** Fails the requests that were handed to the state machine, and the waits for a leader, that are overdue. */
    void expire(long now) {
        effects.expire(now);
        core.skips().expire(now);
        replica.expireWaits(now);
    }

    /** Ends what is under way for its checkpoints, and then runs an action. Any thread, after {@link #retire}. */
    void endTasks(Runnable whenDone) {
        host.checkpointTasks().close(() -> {
            effects.end();
            whenDone.run();
        });
    }

    /** Takes a checkpoint in place of one that has rotted. */
    void onCheckpointRotten(long slot) {
        applier.execute(host, () -> host.onCheckpointRotten(slot), () -> {});
    }

    void installed(long slot, @Nullable Configuration ofSlotsBehind, long now) {
        replica.checkpointAt(slot);
        core.onCheckpointInstalled(slot, ofSlotsBehind, now, out);
    }

    /** Tells if the replica stands in a configuration, follows a leader, and has almost all slots. */
    boolean hasCaughtUp(long number) {
        ReplicaProgress progress = core.progress();
        return isOpen()
                && core.configuration().number() == number
                && !progress.leader().isZero()
                && progress.missing() == null
                && progress.knownChosenSlot() - progress.appliedSlot()
                        <= replica.options().windowSlots();
    }

    /**
     * Records this replica for a global snapshot.
     *
     * <p>The protocol is recorded as it stands now, the state machine once it has applied all batches that it was
     * handed before.
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
                    } catch (Throwable e) { // The state machine's code may throw anything.
                        recorded.completeExceptionally(e);
                    }
                },
                () -> recorded.completeExceptionally(
                        new SnapshotException("log \"" + replica.name() + "\" has ended")));
        return recorded;
    }
}
