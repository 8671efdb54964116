package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.spi.ByteReader;
import io.loggos.api.spi.ByteWriter;
import io.loggos.api.spi.MalformedException;

/**
 * One version of a key, decoded, together with the row that it is stored as: eight bytes each for create
 * revision, mod revision, version and lease, four for the place within the mod revision, then the value. A
 * version that is superseded moves from one table to another as it is, so that it is encoded once in its life.
 */
final class KeyRecord {
    /** Stands for a key that is not there. */
    static final KeyRecord ABSENT = new KeyRecord(0, 0, 0, 0, 0, Bytes.EMPTY);

    private static final int HEADER_BYTES = 36;

    final long createRevision;
    final long modRevision;
    final int sub;
    final long version;
    final long lease;
    final Bytes row;

    private KeyRecord(long createRevision, long modRevision, int sub, long version, long lease, Bytes row) {
        this.createRevision = createRevision;
        this.modRevision = modRevision;
        this.sub = sub;
        this.version = version;
        this.lease = lease;
        this.row = row;
    }

    /** A new version. The value is copied: it is usually a slice of a large batch, which must not be kept. */
    static KeyRecord of(long createRevision, long modRevision, int sub, long version, long lease, Bytes value) {
        ByteWriter writer = new ByteWriter(HEADER_BYTES + value.size())
                .putLong(createRevision)
                .putLong(modRevision)
                .putLong(version)
                .putLong(lease)
                .putInt(sub)
                .putRaw(value);
        return new KeyRecord(createRevision, modRevision, sub, version, lease, writer.toBytes());
    }

    /** Reads a row of the store. */
    static KeyRecord read(Bytes row) {
        ByteReader reader = new ByteReader(row);
        try {
            long create = reader.getCount();
            long mod = reader.getCount();
            long version = reader.getCount();
            long lease = reader.getLong();
            return new KeyRecord(create, mod, reader.getInt(), version, lease, row);
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, "a key-value row: " + e.getMessage(), e);
        }
    }

    boolean isAbsent() {
        return version == 0;
    }

    Bytes value() {
        return row.slice(HEADER_BYTES, row.size() - HEADER_BYTES);
    }

    KeyValue toKeyValue(Bytes key) {
        return new KeyValue(key, createRevision, modRevision, version, lease, value());
    }

    KeyValue withoutValue(Bytes key) {
        return new KeyValue(key, createRevision, modRevision, version, lease, Bytes.EMPTY);
    }
}
