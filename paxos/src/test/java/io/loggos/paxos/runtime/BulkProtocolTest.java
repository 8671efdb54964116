package io.loggos.paxos.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.MalformedException;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BulkProtocolTest {
    private static final LogId LOG = new LogId(-3);
    private static final Bytes HASH = Bytes.utf8("hash of a checkpoint");
    private static final Bytes CONTENT = Bytes.utf8("content of a file");
    private static final BulkProtocol.WhichCheckpoint WHICH = new BulkProtocol.WhichCheckpoint(LOG, 12);
    private static final BulkProtocol.Chunk CHUNK =
            new BulkProtocol.Chunk(LOG, HASH, "state/000001.sst", 1L << 40, CONTENT.size());

    @Test
    void whatIsWrittenIsRead() {
        for (BulkProtocol.Request request : List.of(WHICH, CHUNK)) {
            assertEquals(request, BulkProtocol.decode(BulkProtocol.encode(request)));
        }
    }

    @Test
    void contentComesBack() {
        assertEquals(CONTENT, BulkProtocol.content(CHUNK, BulkProtocol.answer(CHUNK, CONTENT)));
    }

    /** C-4: an answer counts for the one question it answers: log, checkpoint, file, place and length. */
    @Test
    void answerToAnotherQuestionIsNotTaken() {
        Bytes answer = BulkProtocol.answer(CHUNK, CONTENT);
        List<BulkProtocol.Chunk> others = List.of(
                new BulkProtocol.Chunk(new LogId(4), HASH, CHUNK.file(), CHUNK.offset(), CHUNK.length()),
                new BulkProtocol.Chunk(LOG, Bytes.utf8("another"), CHUNK.file(), CHUNK.offset(), CHUNK.length()),
                new BulkProtocol.Chunk(LOG, HASH, "state/000002.sst", CHUNK.offset(), CHUNK.length()),
                new BulkProtocol.Chunk(LOG, HASH, CHUNK.file(), CHUNK.offset() + 1, CHUNK.length()),
                new BulkProtocol.Chunk(LOG, HASH, CHUNK.file(), CHUNK.offset(), CHUNK.length() + 1));

        for (BulkProtocol.Chunk other : others) {
            assertThrows(MalformedException.class, () -> BulkProtocol.content(other, answer));
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

    /** B-2: a request comes from anybody who can connect. */
    @Test
    void noBytesDoAnyHarm() {
        SplittableRandom random = new SplittableRandom(7);
        int requests = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = BulkProtocol.encode(i % 2 == 0 ? WHICH : CHUNK).toByteArray();
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
