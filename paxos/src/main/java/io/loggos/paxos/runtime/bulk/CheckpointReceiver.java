package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.codec.MalformedException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Receives the files of a checkpoint, piece by piece, with one request at a time.
 *
 * <p>Its steps run one after the other on the thread on which the source delivers the answers.
 */
final class CheckpointReceiver {
    private static final int ATTEMPTS = 5;

    /** The source of the files, which also receives the result. */
    interface Source {
        /** Returns the request for a piece of a file. */
        BulkProtocol.Piece piece(String file, long offset, int length);

        /** Sends a request. The answer is null if there is none. */
        void ask(BulkProtocol.Piece piece, Consumer<@Nullable Bytes> answer);

        /** Reports that this number of bytes has arrived. */
        default void came(int bytes) {}

        /** Reports that all files are here and match the hashes of the manifest. */
        void complete();

        void failed(String reason);
    }

    private final Source source;
    private final CheckpointManifest checkpoint;
    private final CheckpointStore.Incoming incoming;
    private int file;
    private int failures;

    CheckpointReceiver(Source source, CheckpointManifest checkpoint, CheckpointStore.Incoming incoming) {
        this.source = source;
        this.checkpoint = checkpoint;
        this.incoming = incoming;
    }

    void next() {
        try {
            while (file < checkpoint.files().size()) {
                CheckpointManifest.CheckpointFile current = checkpoint.files().get(file);
                long received = incoming.received(current.name());
                if (received < current.sizeBytes()) {
                    int length = (int) Math.min(BulkProtocol.CHUNK_BYTES, current.sizeBytes() - received);
                    ask(current.name(), received, length);
                    return;
                }
                file++;
            }
            boolean sound = incoming.complete();
            incoming.close();
            if (sound) {
                source.complete();
            } else {
                source.failed("its hash differs");
            }
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    private void ask(String name, long offset, int length) {
        BulkProtocol.Piece piece = source.piece(name, offset, length);
        source.ask(piece, answer -> {
            try {
                if (answer == null) {
                    throw new MalformedException("no answer");
                }
                incoming.append(name, offset, BulkProtocol.content(piece, answer));
                source.came(length);
                failures = 0;
            } catch (MalformedException | IOException e) {
                if (++failures == ATTEMPTS) {
                    fail("stopped sending: " + e.getMessage());
                    return;
                }
            }
            next();
        });
    }

    private void fail(String reason) {
        try {
            incoming.close();
        } catch (IOException e) {
            source.failed(reason + "; " + e.getMessage());
            return;
        }
        source.failed(reason);
    }
}
