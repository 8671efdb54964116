package io.loggos.api.spi;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.replica.CheckpointWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The checkpoints of one node on disk.
 *
 * <p>The last two checkpoints of each log are kept. A checkpoint becomes visible only when it is complete, synced and
 * hashed.
 *
 * <p>Any thread may call any method at any time. None sees a change of another call in part. A checkpoint that is
 * superseded while it is read is gone: a read of it fails, and it does not verify.
 */
public interface CheckpointStore {
    /**
     * Reads all files of the newest checkpoint of a log, and returns it if they match the hashes in its manifest.
     *
     * <p>If they do not, it is set aside, and the one before it is the newest.
     */
    Optional<CheckpointManifest> newest(LogId log);

    /** Returns the checkpoints of a log that are kept, newest first, without verifying them again. */
    List<CheckpointManifest> kept(LogId log);

    /**
     * Reads all files of a checkpoint and sets it aside if they do not match its hashes.
     *
     * @return true if they match
     */
    boolean verify(CheckpointManifest checkpoint);

    /** Hides a checkpoint that cannot be used, so that the one before it is the newest. */
    void setAside(CheckpointManifest checkpoint);

    /** Returns the checkpoint before the newest, without verifying it again. The log is kept from there on. */
    Optional<CheckpointManifest> previous(LogId log);

    /** Returns the checkpoint at a slot if it is kept, without verifying it again. */
    Optional<CheckpointManifest> at(LogId log, long slot);

    /**
     * Writes a checkpoint and makes it visible in one step, after its files and their hashes are synced.
     *
     * <p>Removes the checkpoint before the previous one. Refuses a slot that is not above that of the newest
     * checkpoint.
     */
    CheckpointManifest write(LogId log, long slot, Bytes replicaState, CheckpointWriter writer) throws IOException;

    /** The directory with the files of a checkpoint. */
    Path directory(CheckpointManifest checkpoint);

    /** Reads a part of a file of a checkpoint that is still kept. */
    Bytes read(CheckpointManifest checkpoint, String file, long offset, int length) throws IOException;

    /** Returns the checkpoint of a log of which a part has arrived, if there is one. */
    Optional<CheckpointManifest> unfinished(LogId log);

    /**
     * Begins to receive a checkpoint from another node, or resumes it. Deletes an unfinished other one, whose {@link
     * Incoming} then fails. One of a log is received at a time.
     */
    Incoming receive(CheckpointManifest checkpoint) throws IOException;

    /**
     * A checkpoint that is being received. Data that arrived before a restart is still there. Its calls come from one
     * thread at a time.
     */
    interface Incoming extends AutoCloseable {
        /** The number of bytes of a file that have arrived. */
        long received(String file) throws IOException;

        /** Appends to a file at the offset {@link #received}. */
        void append(String file, long offset, Bytes bytes) throws IOException;

        /**
         * Compares the hashes of all files, syncs them and makes the checkpoint visible.
         *
         * <p>The hash of a file is computed while it arrives. Only files that arrived before a restart are read again.
         *
         * @return false if a hash differs; all data that arrived is then deleted
         */
        boolean complete() throws IOException;

        /** Closes the files. Data that arrived is kept for the next attempt. */
        @Override
        void close() throws IOException;
    }
}
