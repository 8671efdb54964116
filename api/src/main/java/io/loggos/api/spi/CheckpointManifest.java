package io.loggos.api.spi;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.internal.files.ContentHash;
import java.util.List;

/**
 * The description of a checkpoint.
 *
 * @param log the log
 * @param slot the last slot that was applied to the state
 * @param replicaState the state of the replica itself, opaque here
 * @param files the files of the state machine's state, in the order of their names
 * @param hash the SHA-256 over log, slot, replicaState and the names, sizes and hashes of the files. It identifies this
 *     checkpoint
 */
public record CheckpointManifest(LogId log, long slot, Bytes replicaState, List<CheckpointFile> files, Bytes hash) {
    /**
     * One file.
     *
     * @param name the name
     * @param sizeBytes the size
     * @param contentHash the {@link ContentHash}
     */
    public record CheckpointFile(String name, long sizeBytes, Bytes contentHash) {}

    /** The size of all files in bytes. */
    public long sizeBytes() {
        return files.stream().mapToLong(CheckpointFile::sizeBytes).sum();
    }
}
