package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Clock;
import io.loggos.paxos.runtime.agent.OwnTasks;

/** The checkpoints that a replica takes of its own state. On the thread that applies commands, except where noted. */
final class OwnCheckpoints {
    private final LocalReplica replica;
    private final CheckpointStore store;
    private final OwnTasks writer;
    private final Clock clock;

    private long lastSlot;
    private long bytesSince;

    /** Set by the loop's thread. No newer checkpoint replaces one that is being sent to a peer. */
    private volatile long holdUntilNanos = Long.MIN_VALUE;

    private volatile boolean writing;

    OwnCheckpoints(LocalReplica replica, CheckpointStore store, OwnTasks writer, Clock clock) {
        this.replica = replica;
        this.store = store;
        this.writer = writer;
        this.clock = clock;
    }

    /** Takes none until this time. Any thread. */
    void holdUntil(long nanos) {
        holdUntilNanos = nanos;
    }

    /** Notes a checkpoint at a slot, from whatever source. */
    void at(long slot) {
        lastSlot = slot;
        bytesSince = 0;
    }

    /** Notes that a slot was applied. Returns true if a checkpoint is due, and none is being written or sent. */
    boolean isDueBehind(long slot, int batchBytes) {
        bytesSince += batchBytes;
        boolean due = slot - lastSlot >= replica.options().checkpointSlots()
                || bytesSince >= replica.options().checkpointBytes();
        return due && mayWrite();
    }

    /** True if none is being written or sent. */
    boolean mayWrite() {
        return !writing && clock.nanos() >= holdUntilNanos;
    }

    /** Writes a captured state on the writer's thread. */
    void write(long slot, Bytes replicaState, CheckpointWriter captured) {
        at(slot);
        writing = true;
        Runnable task = () -> writeNow(slot, replicaState, captured);
        writer.execute(task, task);
    }

    /** Writes a checkpoint, on the writer's thread. If that fails, the log stays longer. Not for a closed replica. */
    private void writeNow(long slot, Bytes replicaState, CheckpointWriter captured) {
        try {
            // A newer one may have been fetched meanwhile.
            if (replica.isClosed() || store.kept(replica.log()).stream().anyMatch(other -> other.slot() >= slot)) {
                captured.discard();
                return;
            }
            store.write(replica.log(), slot, replicaState, captured);
            long kept =
                    store.previous(replica.log()).map(CheckpointManifest::slot).orElse(0L);
            replica.onCheckpoint(slot, kept);
        } catch (Throwable e) { // The state machine's writer may throw anything.
            replica.onCheckpointFailed(slot, e);
        } finally {
            writing = false;
        }
    }
}
