package io.loggos.api.spi;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import java.util.List;

/**
 * Describes a checkpoint.
 *
 * @param slot the state is the one after this slot
 * @param replicaState what the replica itself keeps with the state machine's state, opaque here
 * @param files in the order of their names
 * @param hash the SHA-256 over log, slot, replicaState and the names, sizes and hashes of the files; it names
 *     this checkpoint among all others
 */
public record CheckpointManifest(LogId log, long slot, Bytes replicaState, List<CheckpointFile> files, Bytes hash) {
    /**
     * One file.
     *
     * @param contentHash its {@link ContentHash}
     */
    public record CheckpointFile(String name, long sizeBytes, Bytes contentHash) {}

    /** The bytes of all files. */
    public long sizeBytes() {
        return files.stream().mapToLong(CheckpointFile::sizeBytes).sum();
    }
}
