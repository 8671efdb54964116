package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.spi.ByteReader;
import io.loggos.api.spi.ByteWriter;
import io.loggos.api.spi.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * One change, together with the row of EVENTS that it is stored as: a byte of what it was, the position of the version
 * that it superseded if there was one, the key with its size before it, and of a put the version itself. This is the
 * only place where a value is written.
 */
final class EventRow {
    private static final int DELETE = 1;
    private static final int HAD_PREVIOUS = 2;
    private static final int KINDS = 3;
    private static final int PREFIX_BYTES = 1 + RowKeys.POSITION_BYTES + 4;

    final Bytes row;
    /** A part of the row. */
    final Bytes key;
    /** Where the version was put that this change superseded; null if there was none. */
    final @Nullable Bytes previous;
    /** The version that was put, a part of the row; {@link KeyRecord#ABSENT} if the key was deleted. */
    final KeyRecord record;

    private EventRow(Bytes row, Bytes key, @Nullable Bytes previous, KeyRecord record) {
        this.row = row;
        this.key = key;
        this.previous = previous;
        this.record = record;
    }

    /** A version is put. What is given is copied: it is usually a slice of a large batch, which must not be kept. */
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

    /** A key is deleted. */
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

    /** Reads a row of the store. */
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
