package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.codec.MalformedException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the files of a checkpoint, piece by piece, with a window of requests under way.
 *
 * <p>The window grows with each answer and halves with each failure, so that the time of a round trip does not bound
 * the rate. Pieces that come early wait until those before them are here. Its steps run one after the other on the
 * thread on which the source delivers the answers.
 */
final class CheckpointReceiver {
    private static final Logger LOGGER = LoggerFactory.getLogger(CheckpointReceiver.class);
    /** The most requests under way. Their answers are at most 4 MiB. */
    static final int MOST_UNDER_WAY = 16;

    private static final int FIRST_UNDER_WAY = 4;
    /** The number of failures in a row after which the source counts as silent. */
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

        /** Reports that all files came and do not match the hashes. All of them are deleted. */
        default void unsound() {
            failed("its hash differs");
        }

        void failed(String reason);
    }

    /** A piece that was asked for. */
    private static final class Part {
        final String file;
        final long offset;
        final int length;

        @Nullable
        Bytes content;

        Part(String file, long offset, int length) {
            this.file = file;
            this.offset = offset;
            this.length = length;
        }
    }

    private final Source source;
    private final CheckpointManifest checkpoint;
    private final CheckpointStore.Incoming incoming;
    /** The pieces that were asked for and are not written yet, in order. */
    private final ArrayDeque<Part> underWay = new ArrayDeque<>();

    private int file;
    /** The next offset to ask for in the file, or -1 if none was asked for. */
    private long asked = -1;

    private int window = FIRST_UNDER_WAY;
    private int failures;
    private boolean over;

    CheckpointReceiver(Source source, CheckpointManifest checkpoint, CheckpointStore.Incoming incoming) {
        this.source = source;
        this.checkpoint = checkpoint;
        this.incoming = incoming;
    }

    /** Writes the pieces that are here, and asks for more. The first call begins. */
    void next() {
        try {
            for (Part first = underWay.peek(); first != null && first.content != null; first = underWay.peek()) {
                incoming.append(first.file, first.offset, first.content);
                underWay.remove();
                source.came(first.length);
            }
            Part more = underWay.size() < window ? nextPart() : null;
            while (more != null) {
                underWay.add(more);
                ask(more);
                more = underWay.size() < window ? nextPart() : null;
            }
            if (underWay.isEmpty()) {
                end();
            }
        } catch (MalformedException | IOException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    /** Returns the next piece to ask for, or null if all were asked for. */
    private @Nullable Part nextPart() throws IOException {
        while (file < checkpoint.files().size()) {
            CheckpointFile current = checkpoint.files().get(file);
            asked = asked < 0 ? incoming.received(current.name()) : asked;
            if (asked < current.sizeBytes()) {
                int length = (int) Math.min(BulkProtocol.CHUNK_BYTES, current.sizeBytes() - asked);
                Part part = new Part(current.name(), asked, length);
                asked += length;
                return part;
            }
            file++;
            asked = -1;
        }
        return null;
    }

    private void end() throws IOException {
        over = true;
        boolean sound = incoming.complete();
        incoming.close();
        if (sound) {
            source.complete();
        } else {
            source.unsound();
        }
    }

    private void ask(Part part) {
        BulkProtocol.Piece piece = source.piece(part.file, part.offset, part.length);
        source.ask(piece, answer -> {
            if (!over) {
                take(part, piece, answer);
            }
        });
    }

    private void take(Part part, BulkProtocol.Piece piece, @Nullable Bytes answer) {
        try {
            if (answer == null) {
                throw new MalformedException("no answer");
            }
            part.content = BulkProtocol.content(piece, answer);
            failures = 0;
            window = Math.min(MOST_UNDER_WAY, window + 1);
        } catch (MalformedException e) {
            window = Math.max(1, window / 2);
            if (++failures == ATTEMPTS) {
                fail("stopped sending: " + e.getMessage());
            } else {
                ask(part);
            }
            return;
        }
        next();
    }

    /** Ends without a report. The part that came stays, and its files are closed. */
    void cancel() {
        if (!over) {
            over = true;
            try {
                incoming.close();
            } catch (IOException e) {
                LOGGER.warn("a file of an unfinished checkpoint cannot be closed", e);
            }
        }
    }

    private void fail(String reason) {
        over = true;
        try {
            incoming.close();
        } catch (IOException e) {
            source.failed(reason + "; " + e.getMessage());
            return;
        }
        source.failed(reason);
    }
}
