package io.loggos.snapshot.store;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.files.DurableFiles;
import io.loggos.snapshot.wire.NodeCutCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes this node's part of a snapshot: the states of its replicas, then the record that names them.
 *
 * <p>For one thread. Another thread may discard the snapshot meanwhile; files written after that are removed.
 */
public final class PartWriter {
    private static final Logger LOGGER = LoggerFactory.getLogger(PartWriter.class);

    private final SnapshotId id;
    private final NodeId self;
    /** Directory of the snapshot, under a temporary name. */
    private final Path directory;

    private final CheckpointStore states;
    private final TreeMap<LogId, CheckpointManifest> written = new TreeMap<>();
    private boolean busy;
    private boolean discarded;
    private @Nullable PartDigest digest;

    PartWriter(SnapshotId id, NodeId self, Path directory, CheckpointStore states) {
        this.id = id;
        this.self = self;
        this.directory = directory;
        this.states = states;
    }

    /**
     * Writes the state of a replica, as a checkpoint is written.
     *
     * @param replicaState what the replica keeps with the state
     * @throws SnapshotException if the snapshot has been discarded; the writer is then told to discard the state
     */
    public CheckpointManifest writeState(LogId log, long slot, Bytes replicaState, CheckpointWriter writer)
            throws IOException {
        if (!enter()) {
            writer.discard();
            throw gone();
        }
        try {
            CheckpointManifest state = states.write(log, slot, replicaState, writer);
            written.put(log, state);
            return state;
        } finally {
            leave();
        }
    }

    /**
     * Writes the record of the part. All of the part is synced when this returns.
     *
     * @param cut names each state that was written, and no other
     * @throws SnapshotException if the snapshot has been discarded
     */
    public PartDigest finish(NodeCut cut) throws IOException {
        checkStates(cut);
        if (!enter()) {
            throw gone();
        }
        try {
            Bytes record = NodeCutCodec.encode(cut);
            Path part = SnapshotDirectory.part(directory, self);
            DurableFiles.write(part.resolve(SnapshotDirectory.PART), record);
            DurableFiles.syncDirectory(part);
            PartDigest of = PartDigest.of(record);
            finished(of);
            return of;
        } finally {
            leave();
        }
    }

    private void checkStates(NodeCut cut) {
        TreeSet<LogId> named = new TreeSet<>();
        for (ReplicaCut replica : cut.replicas()) {
            LogId log = LogId.ofName(replica.log());
            CheckpointManifest state = written.get(log);
            if (state == null
                    || state.slot() != replica.slot().value()
                    || !state.hash().equals(replica.stateHash())) {
                throw new IllegalArgumentException("no such state of log \"" + replica.log() + "\" was written");
            }
            named.add(log);
        }
        if (!cut.node().equals(self) || !named.equals(written.keySet())) {
            throw new IllegalArgumentException("a part of " + cut.node() + " with the states " + named
                    + "; written were " + written.keySet() + " of " + self);
        }
    }

    Path directory() {
        return directory;
    }

    /** Returns the digest; null until the part is finished. */
    synchronized @Nullable PartDigest digest() {
        return discarded ? null : digest;
    }

    private synchronized void finished(PartDigest of) {
        digest = of;
    }

    private synchronized boolean enter() {
        busy = !discarded;
        return busy;
    }

    private void leave() {
        synchronized (this) {
            busy = false;
            if (!discarded) {
                return;
            }
        }
        remove();
    }

    /** Removes what was written, now or when the call under way ends. */
    void discard() {
        synchronized (this) {
            discarded = true;
            if (busy) {
                return;
            }
        }
        remove();
    }

    private void remove() {
        try {
            DurableFiles.deleteTree(directory);
        } catch (IOException e) {
            LOGGER.warn("{} is not wanted any more and cannot be removed before the next start", directory, e);
        }
    }

    private SnapshotException gone() {
        return new SnapshotException("snapshot " + id + " has been discarded");
    }
}
