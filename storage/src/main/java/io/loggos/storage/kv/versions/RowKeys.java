package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows in the tables HISTORY and EVENTS.
 *
 * <p>A key in HISTORY is the escaped user key, then the position of the change that superseded the version. A position
 * is the revision in eight bytes and the place within it in four. Escaping writes 00 as 00 FF and ends the key with 00
 * 01. So rows are ordered by user key first, for any bytes. A key in EVENTS is the position of the change.
 */
final class RowKeys {
    static final int POSITION_BYTES = 12;

    private RowKeys() {}

    /** Returns the position of a change. */
    static Bytes event(long revision, int sub) {
        return new ByteWriter(POSITION_BYTES).putLong(revision).putInt(sub).toBytes();
    }

    /** Returns the row key of the version that the change at this position superseded. */
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

    /** Returns a row key before all rows of this key in HISTORY and behind those of all lower keys; null stays null. */
    static @Nullable Bytes historyFrom(@Nullable Bytes key) {
        if (key == null) {
            return null;
        }
        byte[] array = new byte[escapedSize(key)];
        escape(key, array);
        return Bytes.wrap(array);
    }

    /** Returns a row key behind all rows in HISTORY that begin with this escaped key. */
    static Bytes historyBehind(Bytes escaped) {
        byte[] array = escaped.toByteArray();
        array[array.length - 1] = 2;
        return Bytes.wrap(array);
    }

    /** Returns the escaped user key within a row key of HISTORY. */
    static Bytes escapedPart(Bytes rowKey) {
        if (rowKey.size() < POSITION_BYTES + 2) {
            throw new StorageException(StorageException.Kind.CORRUPT, "a history row with the key " + rowKey);
        }
        return rowKey.slice(0, rowKey.size() - POSITION_BYTES);
    }

    /** Returns the revision within a row key of HISTORY or EVENTS. */
    static long revision(Bytes rowKey) {
        return new ByteReader(rowKey.slice(rowKey.size() - POSITION_BYTES, POSITION_BYTES)).getLong();
    }

    /** Returns the place within the revision, from a row key of HISTORY or EVENTS. */
    static int sub(Bytes rowKey) {
        return new ByteReader(rowKey.slice(rowKey.size() - 4, 4)).getInt();
    }

    /** Reverts the escaping. */
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
