package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import org.jspecify.annotations.Nullable;

/**
 * The row of META with the numbers of a store.
 *
 * @param slot the slot at which the state stands
 * @param revision the revision of the state
 * @param compacted the compacted revision, or {@link #NEVER_COMPACTED}
 * @param changes the digest of all changes so far
 * @param cleaned the position before which the events are cleaned
 */
record StateRow(long slot, long revision, long compacted, long changes, Bytes cleaned) {
    /** The compacted revision of a store that was never compacted, as in etcd. */
    static final long NEVER_COMPACTED = -1;

    private static final int FORMAT = 4;
    private static final StateRow EMPTY = new StateRow(0, 1, NEVER_COMPACTED, 0, RowKeys.event(0, 0));

    Bytes toBytes() {
        return new ByteWriter(48)
                .putByte(FORMAT)
                .putLong(slot)
                .putLong(revision)
                .putLong(compacted)
                .putLong(changes)
                .putRaw(cleaned)
                .toBytes();
    }

    /** Decodes the row. Without one the store is empty. */
    static StateRow read(@Nullable Bytes row) {
        if (row == null) {
            return EMPTY;
        }
        ByteReader reader = new ByteReader(row);
        try {
            int format = reader.getByte();
            if (format != FORMAT) {
                throw new StorageException(StorageException.Kind.OTHER_FORMAT, "key-value state of format " + format);
            }
            StateRow state = new StateRow(
                    reader.getCount(),
                    reader.getCount(),
                    reader.getLong(),
                    reader.getLong(),
                    reader.getRaw(RowKeys.POSITION_BYTES));
            reader.end();
            return state;
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, "key-value state: " + e.getMessage(), e);
        }
    }
}
