package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * One change and its row in EVENTS. The row begins with a byte of flags and, if there was one, the position of the
 * superseded version. Then come the size of the key, the key and, for a put, the new version. Only this row holds the
 * value.
 */
final class EventRow {
    private static final int DELETE = 1;
    private static final int HAD_PREVIOUS = 2;
    private static final int KINDS = 3;
    private static final int PREFIX_BYTES = 1 + RowKeys.POSITION_BYTES + 4;

    final Bytes row;
    /** A slice of the row. */
    final Bytes key;
    /** Position at which the superseded version was put; null if there was none. */
    final @Nullable Bytes previous;
    /** The version that was put, a slice of the row; {@link KeyRecord#ABSENT} if the key was deleted. */
    final KeyRecord record;

    private EventRow(Bytes row, Bytes key, @Nullable Bytes previous, KeyRecord record) {
        this.row = row;
        this.key = key;
        this.previous = previous;
        this.record = record;
    }

    /** Returns the event of a put. Arguments are copied, since they are usually slices of a large batch. */
    static EventRow put(Bytes key, @Nullable KeyRecord previous, long revision, int sub, long lease, Bytes value) {
        ByteWriter writer = begin(0, key, previous, KeyRecord.HEADER_BYTES + value.size());
        KeyRecord.write(
                writer,
                previous == null ? revision : previous.createRevision,
                revision,
                sub,
                previous == null ? 1 : previous.version + 1,
                lease,
                value);
        return read(writer.toBytes());
    }

    /** Returns the event of a deletion. */
    static EventRow delete(Bytes key, KeyRecord previous) {
        return read(begin(DELETE, key, previous, 0).toBytes());
    }

    private static ByteWriter begin(int kind, Bytes key, @Nullable KeyRecord previous, int more) {
        ByteWriter writer =
                new ByteWriter(PREFIX_BYTES + key.size() + more).putByte(previous == null ? kind : kind | HAD_PREVIOUS);
        if (previous != null) {
            writer.putLong(previous.modRevision).putInt(previous.sub);
        }
        return writer.putBytes(key);
    }

    /** Decodes a row of the store. */
    static EventRow read(Bytes row) {
        ByteReader reader = new ByteReader(row);
        try {
            int kind = reader.getByte();
            if ((kind & ~KINDS) != 0) {
                throw new MalformedException("an event of kind " + kind);
            }
            Bytes previous = (kind & HAD_PREVIOUS) == 0 ? null : reader.getRaw(RowKeys.POSITION_BYTES);
            Bytes key = reader.getBytes();
            if ((kind & DELETE) != 0) {
                reader.end();
                return new EventRow(row, key, previous, KeyRecord.ABSENT);
            }
            return new EventRow(row, key, previous, KeyRecord.read(reader.getRaw(reader.remaining()), true));
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, "an event's row: " + e.getMessage(), e);
        }
    }
}
