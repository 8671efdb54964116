package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * A checkpoint on its way to one receiver: the pieces that were sent, and the time of the last new one. A piece that is
 * sent again is no progress. Any thread.
 */
final class Sending {
    private final CheckpointManifest checkpoint;
    private final Map<String, Integer> firstPieces = new HashMap<>();
    private final BitSet sent = new BitSet();
    private long progressedNanos;

    Sending(CheckpointManifest checkpoint, long now) {
        this.checkpoint = checkpoint;
        this.progressedNanos = now;
        long pieces = 0;
        for (CheckpointFile file : checkpoint.files()) {
            firstPieces.put(file.name(), (int) Math.min(pieces, Integer.MAX_VALUE / 2));
            pieces += file.sizeBytes() / BulkProtocol.CHUNK_BYTES + 1;
        }
    }

    CheckpointManifest checkpoint() {
        return checkpoint;
    }

    boolean isOf(Bytes hash) {
        return checkpoint.hash().equals(hash);
    }

    /** Notes a piece that was sent. Returns true if it is a new one. */
    synchronized boolean sent(String file, long offset, long now) {
        int first = firstPieces.getOrDefault(file, 0);
        int piece = first + (int) Math.min(offset / BulkProtocol.CHUNK_BYTES, Integer.MAX_VALUE / 2 - 1);
        if (sent.get(piece)) {
            return false;
        }
        sent.set(piece);
        progressedNanos = now;
        return true;
    }

    synchronized long progressedNanos() {
        return progressedNanos;
    }
}
