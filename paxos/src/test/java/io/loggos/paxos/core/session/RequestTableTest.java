package io.loggos.paxos.core.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** RULES.md SS-1, SS-3, SS-4. */
class RequestTableTest {
    private final RequestTable table = new RequestTable();

    private static RequestTable.Kept kept(long number, int answerBytes) {
        return new RequestTable.Kept(
                new UUID(7, number), number, 1_000 * number, false, Bytes.wrap(new byte[answerBytes]));
    }

    private RequestTable.Kept keep(long number, int answerBytes) {
        RequestTable.Kept kept = kept(number, answerBytes);
        table.keep(kept);
        return kept;
    }

    private static Bytes bytes(RequestTable table) {
        ByteWriter writer = new ByteWriter(64);
        table.writeTo(writer);
        return writer.toBytes();
    }

    @Test
    void firstAnswerIsFound() {
        RequestTable.Kept first = keep(1, 5);

        assertEquals(first, table.find(new UUID(7, 1)));
        assertNull(table.find(new UUID(7, 2)));
        assertTrue(table.remembers(0));
    }

    /** An id from before the last answer that was dropped may have had one. One from after it has not. */
    @Test
    void answersAreDroppedWhenTheirLogTimeIsOver() {
        keep(1, 5);
        keep(2, 5);
        table.expire(2_500, 1_000);

        assertNull(table.find(new UUID(7, 1)));
        assertEquals(kept(2, 5), table.find(new UUID(7, 2)));
        assertFalse(table.remembers(0));
        assertTrue(table.remembers(1));

        table.expire(3_000, 1_000);
        assertEquals(kept(2, 5), table.find(new UUID(7, 2)));
    }

    @Test
    void sizeIsBounded() {
        int each = RequestTable.MOST_BYTES / 4 - RequestTable.ENTRY_BYTES;
        for (long number = 1; number <= 5; number++) {
            keep(number, each);
        }
        assertNull(table.find(new UUID(7, 1)));
        assertEquals(kept(2, each), table.find(new UUID(7, 2)));
        assertFalse(table.remembers(0));

        keep(6, RequestTable.MOST_BYTES);
        assertNull(table.find(new UUID(7, 6)));
        assertFalse(table.remembers(5));
        assertTrue(table.remembers(6));
    }

    @Test
    void writtenTableIsRead() {
        keep(1, 3);
        keep(2, 0);
        table.keep(new RequestTable.Kept(new UUID(-1, 3), 3, 3_000, true, Bytes.EMPTY));
        table.expire(2_500, 1_000);
        Bytes written = bytes(table);
        RequestTable read = RequestTable.readFrom(new ByteReader(written));

        assertEquals(written, bytes(read));
        assertEquals(kept(2, 0), read.find(new UUID(7, 2)));
        assertFalse(read.remembers(0));
    }

    @Test
    void tableThatIsCutShortIsMalformed() {
        keep(1, 3);
        Bytes whole = bytes(table);
        for (int size = 0; size < whole.size(); size++) {
            ByteReader part = new ByteReader(whole.slice(0, size));
            assertThrows(MalformedException.class, () -> RequestTable.readFrom(part));
        }
    }
}
