package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.Slot;
import io.loggos.api.StorageException;
import io.loggos.api.replica.ReplicaHaltedException;
import io.loggos.api.replica.StateMachine;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Clock;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.core.ReplicaProgress;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.session.SessionTable;
import io.loggos.paxos.runtime.agent.OwnTasks;
import io.loggos.paxos.runtime.bulk.BulkServer;
import io.loggos.paxos.runtime.replica.state.AppliedConfiguration;
import io.loggos.paxos.runtime.replica.state.DigestMarks;
import io.loggos.paxos.runtime.replica.state.History;
import io.loggos.paxos.runtime.replica.state.NamedCommands;
import io.loggos.paxos.runtime.replica.state.ReplicaState;
import io.loggos.paxos.runtime.replica.state.StateMachineFaults;
import io.loggos.snapshot.runtime.RecordedReplica;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One state machine with its progress.
 *
 * <p>All methods are called on the thread that applies commands, unless their Javadoc says otherwise.
 */
public final class StateMachineHost implements BulkServer.Owner {
    final LocalReplica replica;
    final StateMachine machine;
    private final CheckpointStore store;
    private final OwnTasks writer;
    final Clock clock;
    final StateMachineFaults faults;

    private long appliedThrough;
    private long reportedThrough;
    /** The slot of the last checkpoint that replaced the state after the log was opened. */
    private long restoredThrough;

    long logTimeMillis;
    private final AppliedConfiguration configuration;
    SessionTable sessions = new SessionTable();
    final NamedCommands requests;
    final History history = new History();
    private final OwnCheckpoints checkpoints;
    private final DigestMarks marks = new DigestMarks();
    /** The slot at which the state machine has thrown, so that this replica has halted; 0 if it has not. Any thread. */
    volatile long haltedAt;

    public StateMachineHost(
            LocalReplica replica, StateMachine machine, CheckpointStore store, OwnTasks writer, Clock clock) {
        this.replica = replica;
        this.machine = machine;
        this.store = store;
        this.writer = writer;
        this.clock = clock;
        this.requests = new NamedCommands(replica.options().answerRetention().toMillis());
        this.configuration = new AppliedConfiguration(machine);
        this.faults = new StateMachineFaults(replica.name());
        this.checkpoints = new OwnCheckpoints(replica, store, writer, clock);
    }

    /**
     * Loads the newest usable checkpoint into the state machine, before anything is applied. Any thread, once.
     *
     * <p>A checkpoint that does not match its hashes or cannot be restored is set aside, and the one before it is tried
     * (RULES.md F-15). Without any, the replica begins at the first slot: from its log, or from a checkpoint of a peer.
     *
     * @throws StorageException if no checkpoint could be restored and one may have left a part of a state behind
     */
    public long recover() {
        LogId log = replica.log();
        RuntimeException unknownState = null;
        Optional<CheckpointManifest> newest = store.newest(log);
        while (newest.isPresent()) {
            CheckpointManifest checkpoint = newest.get();
            try {
                take(checkpoint);
                return appliedThrough;
            } catch (IOException e) {
                replica.onCheckpointUnusable(checkpoint.slot(), e);
            } catch (RuntimeException e) {
                replica.onCheckpointUnusable(checkpoint.slot(), e);
                unknownState = e;
            }
            store.setAside(checkpoint);
            newest = store.newest(log);
        }
        if (unknownState != null) {
            throw new StorageException(
                    StorageException.Kind.CORRUPT,
                    "log \"" + replica.name()
                            + "\": no checkpoint can be restored, and the state machine may hold a part of"
                            + " one. Open the log with a new state machine: " + unknownState,
                    unknownState);
        }
        return appliedThrough;
    }

    /**
     * Replaces the state.
     *
     * @throws IOException if the checkpoint cannot be used; the state is as before then
     */
    private void take(CheckpointManifest checkpoint) throws IOException {
        ReplicaState state;
        try {
            state = ReplicaState.of(checkpoint.replicaState());
        } catch (MalformedException e) {
            throw new IOException("the state of the replica in it: " + e.getMessage(), e);
        }
        machine.restore(store.directory(checkpoint));
        logTimeMillis = state.logTimeMillis();
        configuration.restore(state.configuration());
        sessions = state.sessions();
        requests.restore(state.requests());
        appliedThrough = checkpoint.slot();
        history.restore(appliedThrough, state.history());
        checkpoints.at(checkpoint.slot());
        marks.clear();
    }

    public OwnTasks checkpointTasks() {
        return writer;
    }

    @Override
    public void verify(CheckpointManifest doubted) {
        writer.execute(() -> store.verify(doubted));
    }

    @Override
    public void holdCheckpointsUntil(long nanos) {
        checkpoints.holdUntil(nanos);
    }

    /** The slot at which the state machine has thrown, so that this replica has halted; 0 if it has not. Any thread. */
    public long haltedAt() {
        return haltedAt;
    }

    /** Passes over the commands of the next slot: each fails, where it would take effect (RULES.md B-11). */
    public void skip(long slotNumber, Batch batch, @Nullable CommandCaller @Nullable [] callers) {
        pass(slotNumber, batch, callers, true);
    }

    /** Applies the commands of the next slot. */
    public void apply(long slotNumber, Batch batch, @Nullable CommandCaller @Nullable [] callers) {
        pass(slotNumber, batch, callers, false);
    }

    private void pass(long slotNumber, Batch batch, @Nullable CommandCaller @Nullable [] callers, boolean skipped) {
        if (replica.isHalted()) {
            dropCommands(callers);
            return;
        }
        if (slotNumber <= restoredThrough) {
            // It was handed over before the loop heard of the checkpoint that contains it.
            dropCommands(callers);
            return;
        }
        if (slotNumber != appliedThrough + 1) {
            throw new IllegalStateException("slot " + slotNumber + " after " + appliedThrough);
        }
        logTimeMillis = Math.max(logTimeMillis, batch.logTimeMillis());
        configuration.apply(batch);
        if (batch.count() > 0) {
            batch.forEach(new SlotCommands(this, Slot.of(slotNumber), callers, skipped));
        }
        if (replica.isHalted()) {
            return;
        }
        appliedThrough = slotNumber;
        history.applied(batch.bytes());
        long digestSlots = replica.options().digestSlots();
        if (digestSlots > 0 && slotNumber % digestSlots == 0) {
            mark();
        }
        if (checkpoints.isDueBehind(slotNumber, batch.bytes().size())) {
            checkpoint();
        }
    }

    /** The configuration of the slot behind the last one applied; null if it is the first one. */
    public @Nullable Configuration configuration() {
        return configuration.get();
    }

    private void mark() {
        try {
            marks.add(new DigestMark(appliedThrough, history.value(), machine.stateDigest()));
        } catch (Throwable thrown) {
            halt("the state machine gave no digest at slot " + appliedThrough, thrown);
        }
    }

    void halt(String reason, Throwable cause) {
        replica.halt(new ReplicaHaltedException("log \"" + replica.name() + "\": " + reason + ": " + cause, cause));
    }

    void taskThrew(Throwable thrown) {
        halt("the thread that applies commands", thrown);
    }

    void endTask() {
        faults.clearInterrupt();
    }

    /** Tells callers that their commands are chosen, and that their outcome is not known here. Any thread. */
    public void dropCommands(@Nullable CommandCaller @Nullable [] callers) {
        if (callers != null) {
            for (CommandCaller caller : callers) {
                fail(caller);
            }
        }
    }

    void fail(@Nullable CommandCaller call) {
        if (call != null) {
            call.fail(replica.failure(Effects.Failure.OUTCOME_UNKNOWN));
        }
    }

    /** Tells callers that their queries do not run, because this replica has ended. Any thread. */
    public void dropReads(List<ReadCaller> callers) {
        callers.forEach(caller -> caller.fail(replica.failure(Effects.Failure.UNAVAILABLE)));
    }

    /** Runs queries against the present state. */
    public void runReads(List<ReadCaller> callers) {
        for (ReadCaller caller : callers) {
            if (replica.isHalted()) {
                caller.fail(replica.haltedException());
            } else {
                caller.run(appliedThrough, requests.table());
                faults.clearInterrupt();
            }
        }
    }

    /**
     * Replaces the state by the newest checkpoint that is kept, if it is newer (RULES.md O-7).
     *
     * <p>The protocol hears of a fetched checkpoint after this has succeeded. So a checkpoint that cannot be restored
     * costs nothing but the fetch: the log goes on from where it was.
     *
     * @return the slot of the checkpoint, all of which is in the state now; -1 if it could not be used
     */
    public long restore() {
        if (replica.isHalted() || replica.isClosed()) {
            return -1; // The state machine of a closed replica is the application's again.
        }
        CheckpointManifest newest;
        try {
            newest = store.kept(replica.log()).get(0);
        } catch (StorageException | IndexOutOfBoundsException e) {
            replica.onCheckpointUnusable(appliedThrough, e);
            return -1;
        }
        return newest.slot() <= appliedThrough || replaceBy(newest) ? newest.slot() : -1;
    }

    private boolean replaceBy(CheckpointManifest checkpoint) {
        try {
            take(checkpoint);
            restoredThrough = appliedThrough;
            return true;
        } catch (IOException e) {
            replica.onCheckpointUnusable(checkpoint.slot(), e);
        } catch (Throwable e) {
            halt("the state machine threw while it restored the checkpoint of slot " + checkpoint.slot(), e);
        }
        try {
            store.setAside(checkpoint);
        } catch (StorageException e) {
            replica.onCheckpointUnusable(checkpoint.slot(), e);
        }
        return false;
    }

    private void checkpoint() {
        try {
            checkpoints.write(appliedThrough, replicaState(), machine.checkpoint());
        } catch (Throwable e) {
            halt("the state machine cannot be captured at slot " + appliedThrough, e);
        }
    }

    /** Takes a checkpoint in place of one that has rotted, and is set aside. */
    public void onCheckpointRotten(long slot) {
        replica.onCheckpointUnusable(slot, new IOException("it does not match its hashes any more"));
        if (!replica.isHalted() && !replica.isClosed() && appliedThrough > 0 && checkpoints.mayWrite()) {
            checkpoint();
        }
    }

    private Bytes replicaState() {
        return new ReplicaState(logTimeMillis, history.value(), configuration.get(), sessions, requests.table())
                .toBytes();
    }

    /**
     * Captures the present state for a global snapshot.
     *
     * @param progress the progress of the protocol at the cut
     * @throws SnapshotException if this replica has halted
     */
    public RecordedReplica record(ReplicaProgress progress) {
        if (replica.isHalted()) {
            throw new SnapshotException("log \"" + replica.name() + "\" has halted");
        }
        return new RecordedReplica(
                replica.name(),
                Slot.of(appliedThrough),
                progress.promised(),
                Slot.of(progress.firstSlot()),
                Slot.of(progress.acceptedSlot()),
                Slot.of(progress.chosenSlot()),
                history.kept(),
                replicaState(),
                machine.checkpoint());
    }

    Applier.@Nullable Applied news() {
        if (appliedThrough <= reportedThrough) {
            return null;
        }
        reportedThrough = appliedThrough;
        replica.appliedThrough(appliedThrough);
        return new Applier.Applied(replica, appliedThrough, logTimeMillis, marks.take());
    }
}
