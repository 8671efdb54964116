package io.loggos.paxos.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The replicated record of commands that have taken effect (RULES.md X-3, SS-3). */
class SessionTableTest {
    private static final int MOST_SESSIONS = 4096;

    @Test
    void commandInASecondSlotIsSkipped() {
        SessionTable table = new SessionTable();

        assertTrue(table.takesEffect(7, 1, 1, 10));
        assertFalse(table.takesEffect(7, 1, 1, 11));
        assertTrue(table.takesEffect(8, 1, 1, 11));
    }

    /** Sequences may come in any order, because different leaders bring them. */
    @Test
    void orderDoesNotMatter() {
        SessionTable table = new SessionTable();

        assertTrue(table.takesEffect(7, 3, 1, 10));
        assertTrue(table.takesEffect(7, 1, 1, 11));
        assertFalse(table.takesEffect(7, 3, 1, 12));
        assertTrue(table.takesEffect(7, 2, 1, 13));
    }

    /** A command that its sender no longer waits for is skipped for good, on every replica. */
    @Test
    void settledCommandIsSkipped() {
        SessionTable table = new SessionTable();
        table.takesEffect(7, 5, 4, 10);

        assertFalse(table.takesEffect(7, 3, 1, 11));
        assertTrue(table.takesEffect(7, 4, 1, 12));
    }

    /**
     * RULES.md SS-3: a checkpoint contains the table. A replica that loads it decides as one that applied every slot.
     */
    @Test
    void restoredTableDecidesAlike() {
        for (long seed = 1; seed <= 50; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            SessionTable whole = new SessionTable();
            SessionTable restored = new SessionTable();
            for (long slot = 1; slot <= 300; slot++) {
                long session = random.nextInt(4);
                long sequence = 1L + slot / 4 + random.nextInt(8);
                long lowest = Math.max(1, sequence - 10);
                assertEquals(
                        whole.takesEffect(session, sequence, lowest, slot),
                        restored.takesEffect(session, sequence, lowest, slot));
                if (random.nextInt(20) == 0) {
                    restored = SessionTable.readFrom(new ByteReader(bytes(restored)));
                }
                assertEquals(bytes(whole), bytes(restored));
            }
        }
    }

    /** Each command takes effect once. Compared with a plain set, while the sender settles nothing. */
    @Test
    void eachTakesEffectOnce() {
        SplittableRandom random = new SplittableRandom(3);
        SessionTable table = new SessionTable();
        TreeSet<Long> oracle = new TreeSet<>();
        for (long slot = 1; slot <= 20_000; slot++) {
            long session = random.nextInt(5);
            long sequence = 1L + random.nextInt(1_000);
            assertEquals(oracle.add(session * 10_000 + sequence), table.takesEffect(session, sequence, 1, slot));
        }
    }

    /** The table is bounded. Every replica drops the same session: the one that was silent for longest. */
    @Test
    void sessionThatWasSilentLongestIsForgotten() {
        SessionTable table = new SessionTable();
        for (int session = 1; session <= MOST_SESSIONS; session++) {
            table.takesEffect(session, 1, 1, session);
        }
        table.takesEffect(1, 2, 1, 5_000);
        table.takesEffect(9_999, 1, 1, 5_001);

        assertFalse(table.takesEffect(1, 1, 1, 5_002));
        assertTrue(table.takesEffect(2, 1, 1, 5_003));
    }

    @Test
    void tableThatIsCutShortIsMalformed() {
        SessionTable table = new SessionTable();
        table.takesEffect(7, 3, 1, 10);
        Bytes whole = bytes(table);

        for (int size = 0; size < whole.size(); size++) {
            ByteReader part = new ByteReader(whole.slice(0, size));
            assertThrows(MalformedException.class, () -> SessionTable.readFrom(part));
        }
    }

    private static Bytes bytes(SessionTable table) {
        ByteWriter writer = new ByteWriter(256);
        table.writeTo(writer);
        return writer.toBytes();
    }
}
