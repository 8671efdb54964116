package io.loggos.storage.kv.versions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RowKeysTest {
    private static final byte[] ALPHABET = {0, 1, 2, (byte) 0xFE, (byte) 0xFF};

    @Test
    void rowsOrderByKeyThenPosition() {
        List<Bytes> keys = keys();
        for (Bytes left : keys) {
            for (Bytes right : keys) {
                int order = Integer.signum(left.compareTo(right));
                int low = RowKeys.history(left, 1, 0).compareTo(RowKeys.history(right, 7, 9));
                int high = RowKeys.history(left, 1L << 40, 3).compareTo(RowKeys.history(right, 7, 9));
                assertEquals(order == 0 ? -1 : order, Integer.signum(low), left + " " + right);
                assertEquals(order == 0 ? 1 : order, Integer.signum(high), left + " " + right);
            }
        }
    }

    @Test
    void aKeyComesBackAsItWas() {
        for (Bytes key : keys()) {
            Bytes row = RowKeys.history(key, 1234567890123L, 77);
            assertEquals(key, RowKeys.unescape(RowKeys.escapedPart(row)));
            assertEquals(1234567890123L, RowKeys.revision(row));
            assertEquals(77, RowKeys.sub(row));
        }
    }

    @Test
    void boundsEncloseTheRowsOfAKeyAndOfNoOther() {
        for (Bytes key : keys()) {
            Bytes from = Objects.requireNonNull(RowKeys.historyFrom(key));
            Bytes behind = RowKeys.historyBehind(from);
            for (Bytes other : keys()) {
                Bytes row = RowKeys.history(other, Long.MAX_VALUE, Integer.MAX_VALUE);
                boolean within = row.compareTo(from) >= 0 && row.compareTo(behind) < 0;
                assertEquals(key.equals(other), within, key + " " + other);
            }
        }
    }

    @Test
    void aRowThatIsTooShortIsCorrupt() {
        assertThrows(StorageException.class, () -> RowKeys.escapedPart(Bytes.utf8("short")));
        assertThrows(StorageException.class, () -> KeyRecord.read(Bytes.utf8("short"), false));
        assertThrows(StorageException.class, () -> EventRow.read(Bytes.utf8("short")));
        assertThrows(StorageException.class, () -> EventRow.read(Bytes.EMPTY));
        assertTrue(KeyRecord.ABSENT.isAbsent());
    }

    private static List<Bytes> keys() {
        List<Bytes> keys = new ArrayList<>(List.of(Bytes.EMPTY));
        for (int from = 0, length = 1; length <= 3; length++) {
            int to = keys.size();
            for (; from < to; from++) {
                for (byte last : ALPHABET) {
                    byte[] key = Arrays.copyOf(keys.get(from).toByteArray(), length);
                    key[length - 1] = last;
                    keys.add(Bytes.wrap(key));
                }
            }
        }
        return keys;
    }
}
