package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.spi.ByteReader;
import io.loggos.api.spi.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows in the tables HISTORY and EVENTS.
 *
 * <p>HISTORY: the escaped key, then the position (revision in eight bytes, place within it in four) of the
 * change that superseded the version. Escaping writes 00 as 00 FF and ends the key with 00 01, so that rows
 * order by key first, whatever the bytes of the keys. EVENTS: the position of the change.
 */
final class RowKeys {
    static final int POSITION_BYTES = 12;

    private RowKeys() {}

    /** The position of a change. */
    static Bytes event(long revision, int sub) {
        return new ByteWriter(POSITION_BYTES).putLong(revision).putInt(sub).toBytes();
    }

    /** The row of the version of a key that the change at this position superseded. */
    static Bytes history(Bytes key, long revision, int sub) {
        byte[] array = new byte[escapedSize(key) + POSITION_BYTES];
        int at = escape(key, array);
        for (int shift = 56; shift >= 0; shift -= 8) {
            array[at++] = (byte) (revision >>> shift);
        }
        for (int shift = 24; shift >= 0; shift -= 8) {
            array[at++] = (byte) (sub >>> shift);
        }
        return Bytes.wrap(array);
    }

    /** Before all rows in HISTORY of this key, and behind those of all lower keys; null stays null. */
    static @Nullable Bytes historyFrom(@Nullable Bytes key) {
        if (key == null) {
            return null;
        }
        byte[] array = new byte[escapedSize(key)];
        escape(key, array);
        return Bytes.wrap(array);
    }

    /** Behind all rows in HISTORY that begin with this escaped key. */
    static Bytes historyBehind(Bytes escaped) {
        byte[] array = escaped.toByteArray();
        array[array.length - 1] = 2;
        return Bytes.wrap(array);
    }

    /** The escaped key in the key of a row in HISTORY. */
    static Bytes escapedPart(Bytes rowKey) {
        if (rowKey.size() < POSITION_BYTES + 2) {
            throw new StorageException(StorageException.Kind.CORRUPT, "a history row with the key " + rowKey);
        }
        return rowKey.slice(0, rowKey.size() - POSITION_BYTES);
    }

    /** The revision in the key of a row in HISTORY or EVENTS. */
    static long revision(Bytes rowKey) {
        return new ByteReader(rowKey.slice(rowKey.size() - POSITION_BYTES, POSITION_BYTES)).getLong();
    }

    /** The place within the revision in the key of a row in HISTORY or EVENTS. */
    static int sub(Bytes rowKey) {
        return new ByteReader(rowKey.slice(rowKey.size() - 4, 4)).getInt();
    }

    /** Undoes the escaping. */
    static Bytes unescape(Bytes escaped) {
        int end = escaped.size() - 2;
        byte[] array = new byte[end];
        int size = 0;
        for (int i = 0; i < end; i++) {
            byte b = escaped.at(i);
            array[size++] = b;
            if (b == 0) {
                i++;
            }
        }
        return Bytes.wrap(array, 0, size);
    }

    private static int escapedSize(Bytes key) {
        int zeros = 0;
        for (int i = 0; i < key.size(); i++) {
            zeros += key.at(i) == 0 ? 1 : 0;
        }
        return key.size() + zeros + 2;
    }

    private static int escape(Bytes key, byte[] into) {
        int at = 0;
        for (int i = 0; i < key.size(); i++) {
            byte b = key.at(i);
            into[at++] = b;
            if (b == 0) {
                into[at++] = (byte) 0xFF;
            }
        }
        into[at++] = 0;
        into[at++] = 1;
        return at;
    }
}
