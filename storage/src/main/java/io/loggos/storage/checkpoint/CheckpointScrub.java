package io.loggos.storage.checkpoint;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.files.ContentHash;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Reads the kept checkpoints in small parts, one after the other, and compares their hashes (RULES.md F-15).
 *
 * <p>So a checkpoint that rots is found while the state and the log are still there to make another one. What the page
 * cache holds hides rot of the disk until it is dropped. One thread at a time.
 */
public final class CheckpointScrub {
    private static final int PIECE_BYTES = 64 << 10;

    /** Receives what was found. */
    public interface Listener {
        /** Reports that this number of bytes was read. */
        void read(long bytes);

        /** Reports a checkpoint that did not match its hashes, and is set aside. */
        void rotten(CheckpointManifest checkpoint);
    }

    private final CheckpointStore store;
    private final Listener listener;
    /** The checkpoints of this round that were not read to their end. */
    private final ArrayDeque<CheckpointManifest> round = new ArrayDeque<>();

    private int file;
    private ContentHash.@Nullable Running hash;
    private long offset;

    public CheckpointScrub(CheckpointStore store, Listener listener) {
        this.store = store;
        this.listener = listener;
    }

    /**
     * Reads a part. A call that finds nothing left of a round begins the next one.
     *
     * @param logs the logs whose checkpoints the next round reads
     * @param mostBytes the most that is read, rounded up to a piece of 64 KiB
     */
    public void read(Collection<LogId> logs, long mostBytes) {
        if (round.isEmpty()) {
            logs.forEach(log -> round.addAll(store.kept(log)));
        }
        long left = mostBytes;
        while (left > 0 && !round.isEmpty()) {
            left -= readPiece(round.getFirst());
        }
        listener.read(mostBytes - Math.max(0, left));
    }

    /** Reads a piece of a file, or ends the file or the checkpoint. Returns the number of bytes. */
    private int readPiece(CheckpointManifest checkpoint) {
        if (file == checkpoint.files().size()) {
            next();
            return 0;
        }
        CheckpointFile current = checkpoint.files().get(file);
        ContentHash.Running running = hash == null ? new ContentHash.Running() : hash;
        hash = running;
        int length = (int) Math.min(PIECE_BYTES, current.sizeBytes() - offset);
        try {
            Bytes piece = store.read(checkpoint, current.name(), offset, length);
            running.update(piece.asByteBuffer());
        } catch (IOException e) {
            doubt(checkpoint);
            return length;
        }
        offset += length;
        if (offset == current.sizeBytes()) {
            hash = null;
            offset = 0;
            file++;
            if (!running.finish().equals(current.contentHash())) {
                doubt(checkpoint);
            }
        }
        return length;
    }

    /** Lets the store look again: the checkpoint may be superseded, and this may have read a part of its successor. */
    private void doubt(CheckpointManifest checkpoint) {
        next();
        boolean kept = store.kept(checkpoint.log()).contains(checkpoint);
        if (kept && !store.verify(checkpoint) && !isSuperseded(checkpoint)) {
            listener.rotten(checkpoint);
        }
    }

    /** True if newer ones have taken its place, perhaps while it was verified. */
    private boolean isSuperseded(CheckpointManifest checkpoint) {
        return store.kept(checkpoint.log()).stream()
                        .filter(other -> other.slot() > checkpoint.slot())
                        .count()
                >= LogCheckpoints.KEPT;
    }

    private void next() {
        round.removeFirst();
        file = 0;
        offset = 0;
        hash = null;
    }
}
