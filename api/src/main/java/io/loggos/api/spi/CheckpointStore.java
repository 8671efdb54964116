package io.loggos.api.spi;

import io.loggos.api.Bytes;
import io.loggos.api.CheckpointWriter;
import io.loggos.api.LogId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The checkpoints of one node on disk. The last two of each log are kept. A checkpoint is visible only once
 * it is complete, synced and hashed. Calls about one log come from one thread at a time.
 */
public interface CheckpointStore {
    /** The newest checkpoint of a log whose files still have the hashes of its manifest. */
    Optional<CheckpointManifest> newest(LogId log);

    /** The one before the newest, not verified again: the log is kept from there on. */
    Optional<CheckpointManifest> previous(LogId log);

    /** The one at a slot, if it is kept; not verified again. */
    Optional<CheckpointManifest> at(LogId log, long slot);

    /**
     * Writes a checkpoint: the writer's files, then their hashes, all synced, then made visible in one step,
     * then the one before the previous is removed. A checkpoint at a slot not above the newest's is refused.
     */
    CheckpointManifest write(LogId log, long slot, Bytes replicaState, CheckpointWriter writer) throws IOException;

    /** Where the files of a checkpoint are. */
    Path directory(CheckpointManifest checkpoint);

    /** A part of a file of a checkpoint that is still kept. */
    Bytes read(CheckpointManifest checkpoint, String file, long offset, int length) throws IOException;

    /** Begins, or goes on with, receiving a checkpoint from another node. */
    Incoming receive(CheckpointManifest checkpoint) throws IOException;

    /** A checkpoint on its way in. What arrived before a restart is still there. */
    interface Incoming extends AutoCloseable {
        /** How many bytes of a file have arrived. */
        long received(String file) throws IOException;

        /** Appends to a file at {@link #received}. */
        void append(String file, long offset, Bytes bytes) throws IOException;

        /**
         * Verifies all hashes, syncs and makes the checkpoint visible.
         *
         * @return false if a hash differs; everything that arrived is then thrown away
         */
        boolean complete() throws IOException;

        /** Lets go of the files; what arrived stays for the next attempt. */
        @Override
        void close() throws IOException;
    }
}
