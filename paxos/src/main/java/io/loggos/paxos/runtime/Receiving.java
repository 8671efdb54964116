package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.MalformedException;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The files of a checkpoint on their way in, piece by piece, one request at a time. Its steps run where the source lets
 * answers come, one after the other.
 */
final class Receiving {
    private static final int ATTEMPTS = 5;

    /** Whoever has the files, and wants to know how it ends. */
    interface Source {
        /** How a piece is asked for. */
        BulkProtocol.Piece piece(String file, long offset, int length);

        /** Asks for it; the answer is null if there is none. */
        void ask(BulkProtocol.Piece piece, Consumer<@Nullable Bytes> answer);

        /** So much has come. */
        default void came(int bytes) {}

        /** All of it is here, and has the hashes of the manifest. */
        void complete();

        void failed(String reason);
    }

    private final Source source;
    private final CheckpointManifest checkpoint;
    private final CheckpointStore.Incoming incoming;
    private int file;
    private int failures;

    Receiving(Source source, CheckpointManifest checkpoint, CheckpointStore.Incoming incoming) {
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
