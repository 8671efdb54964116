package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.maintenance.StoredChange;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.kv.rows.OrderedRows;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.kv.rows.StoreBatch;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
        long createRevision = previous == null ? revision : previous.createRevision;
        long version = previous == null ? 1 : previous.version + 1;
        return of(new StoredChange(revision, sub, key, false, value, createRevision, version, lease), previous);
    }

    /** Returns the event of a put with all its numbers. */
    static EventRow of(StoredChange put, @Nullable KeyRecord previous) {
        Bytes value = put.value();
        ByteWriter writer = begin(0, put.key(), previous, KeyRecord.HEADER_BYTES + value.size());
        KeyRecord.write(writer, put.createRevision(), put.revision(), put.place(), put.version(), put.lease(), value);
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

    /**
     * Finds what some of the events before the compacted revision have superseded, and adds its deletion to a batch.
     *
     * @param from the first event to look at
     * @param most the number of events to look at
     * @return the event to go on with
     */
    static Bytes clean(OrderedRows rows, Bytes from, long compacted, int most, StoreBatch batch) {
        Bytes end = RowKeys.event(compacted, 0);
        List<Bytes> goneHistory = new ArrayList<>();
        List<Bytes> goneEvents = new ArrayList<>();
        int[] left = {most};
        Bytes[] next = {end};
        rows.scan(Table.EVENTS, from, end, (position, row) -> {
            if (left[0]-- == 0) {
                next[0] = position;
                return false;
            }
            EventRow event = read(row);
            if (event.previous != null) {
                goneHistory.add(RowKeys.history(event.key, RowKeys.revision(position), RowKeys.sub(position)));
                goneEvents.add(event.previous);
            }
            if (event.record.isAbsent()) {
                goneEvents.add(position);
            }
            return true;
        });
        goneHistory.sort(Comparator.naturalOrder());
        goneHistory.forEach(each -> batch.delete(Table.HISTORY, each));
        goneEvents.sort(Comparator.naturalOrder());
        goneEvents.forEach(each -> batch.delete(Table.EVENTS, each));
        return next[0];
    }
}
