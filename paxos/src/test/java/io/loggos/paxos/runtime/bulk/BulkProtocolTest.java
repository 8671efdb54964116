package io.loggos.paxos.runtime.bulk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.codec.MalformedException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BulkProtocolTest {
    private static final LogId LOG = new LogId(-3);
    private static final NodeId NODE = NodeId.of(2);
    private static final Bytes HASH = Bytes.utf8("hash of a checkpoint");
    private static final Bytes CONTENT = Bytes.utf8("content of a file");
    private static final BulkProtocol.WhichCheckpoint WHICH = new BulkProtocol.WhichCheckpoint(LOG, NODE, 12, HASH);
    private static final BulkProtocol.Chunk CHUNK =
            new BulkProtocol.Chunk(LOG, NODE, HASH, "state/000001.sst", 1L << 40, CONTENT.size());
    private static final SnapshotId ID = new SnapshotId(NodeId.of(3), Long.MAX_VALUE, 9);
    private static final BulkProtocol.SnapshotState STATE = new BulkProtocol.SnapshotState(ID, LOG);
    private static final BulkProtocol.SnapshotRecord RECORD = new BulkProtocol.SnapshotRecord(ID, 5, CONTENT.size());
    private static final BulkProtocol.SnapshotChunk PIECE =
            new BulkProtocol.SnapshotChunk(ID, LOG, "000001.sst", 1L << 40, CONTENT.size());
    private static final BulkProtocol.Ended ENDED = new BulkProtocol.Ended(LOG, NODE, HASH, true);
    private static final List<BulkProtocol.Request> REQUESTS = List.of(WHICH, CHUNK, STATE, RECORD, PIECE, ENDED);

    @Test
    void whatIsWrittenIsRead() {
        for (BulkProtocol.Request request : REQUESTS) {
            assertEquals(request, BulkProtocol.decode(BulkProtocol.encode(request)));
        }
    }

    @Test
    void contentComesBack() {
        for (BulkProtocol.Piece piece : List.of(CHUNK, RECORD, PIECE)) {
            assertEquals(CONTENT, BulkProtocol.content(piece, BulkProtocol.answer(piece, CONTENT)));
        }
    }

    /** RULES.md C-4: an answer counts for its question only: log, checkpoint, file, offset and length. */
    @Test
    void answerToAnotherQuestionIsNotTaken() {
        Bytes answer = BulkProtocol.answer(CHUNK, CONTENT);
        List<BulkProtocol.Chunk> others = List.of(
                new BulkProtocol.Chunk(new LogId(4), NODE, HASH, CHUNK.file(), CHUNK.offset(), CHUNK.length()),
                new BulkProtocol.Chunk(LOG, NODE, Bytes.utf8("another"), CHUNK.file(), CHUNK.offset(), CHUNK.length()),
                new BulkProtocol.Chunk(LOG, NODE, HASH, "state/000002.sst", CHUNK.offset(), CHUNK.length()),
                new BulkProtocol.Chunk(LOG, NODE, HASH, CHUNK.file(), CHUNK.offset() + 1, CHUNK.length()),
                new BulkProtocol.Chunk(LOG, NODE, HASH, CHUNK.file(), CHUNK.offset(), CHUNK.length() + 1));

        for (BulkProtocol.Chunk other : others) {
            assertThrows(MalformedException.class, () -> BulkProtocol.content(other, answer));
        }
        SnapshotId another = new SnapshotId(NodeId.of(3), 0, 9);
        for (BulkProtocol.Piece other : List.of(
                CHUNK,
                RECORD,
                new BulkProtocol.SnapshotChunk(another, LOG, PIECE.file(), PIECE.offset(), PIECE.length()),
                new BulkProtocol.SnapshotChunk(ID, LOG, "000002.sst", PIECE.offset(), PIECE.length()))) {
            assertThrows(
                    MalformedException.class, () -> BulkProtocol.content(other, BulkProtocol.answer(PIECE, CONTENT)));
        }
    }

    @Test
    void everyFlippedBitOfAnAnswerIsNoticed() {
        byte[] answer = BulkProtocol.answer(CHUNK, CONTENT).toByteArray();
        for (int bit = 0; bit < 8 * answer.length; bit++) {
            byte[] spoiled = answer.clone();
            spoiled[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(MalformedException.class, () -> BulkProtocol.content(CHUNK, Bytes.wrap(spoiled)));
        }
    }

    @Test
    void answerOfAnotherLengthIsNotTaken() {
        Bytes shorter = BulkProtocol.answer(CHUNK, CONTENT.slice(0, CONTENT.size() - 1));

        assertThrows(MalformedException.class, () -> BulkProtocol.content(CHUNK, shorter));
        assertThrows(MalformedException.class, () -> BulkProtocol.content(CHUNK, Bytes.EMPTY));
    }

    /** RULES.md B-2: a request may come from anything that can connect. */
    @Test
    void noBytesDoAnyHarm() {
        SplittableRandom random = new SplittableRandom(7);
        int requests = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes =
                    BulkProtocol.encode(REQUESTS.get(i % REQUESTS.size())).toByteArray();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                BulkProtocol.Request read = BulkProtocol.decode(Bytes.wrap(bytes, 0, 1 + random.nextInt(bytes.length)));
                assertEquals(read, BulkProtocol.decode(BulkProtocol.encode(read)));
                requests++;
            } catch (MalformedException expected) {
                assertTrue(expected.getMessage() != null);
            }
        }
        assertTrue(requests > 100, "only " + requests + " mutants could be read");
    }
}
