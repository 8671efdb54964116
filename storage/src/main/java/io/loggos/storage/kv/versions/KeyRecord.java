package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.KeyValue;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;

/**
 * One version of a key, decoded, together with its row. The row holds eight bytes each for create revision, mod
 * revision, version and lease. Four bytes for the place within the mod revision follow, then the value. EVENTS stores
 * the whole row, once. CURRENT and HISTORY store the row without the value, so that compaction moves few bytes.
 */
public final class KeyRecord {
    /** Stands for a key that does not exist. */
    public static final KeyRecord ABSENT = new KeyRecord(0, 0, 0, 0, 0, Bytes.EMPTY, false);

    static final int HEADER_BYTES = 36;

    public final long createRevision;
    public final long modRevision;
    public final int sub;
    public final long version;
    public final long lease;
    private final Bytes row;
    private final boolean whole;

    private KeyRecord(
            long createRevision, long modRevision, int sub, long version, long lease, Bytes row, boolean whole) {
        this.createRevision = createRevision;
        this.modRevision = modRevision;
        this.sub = sub;
        this.version = version;
        this.lease = lease;
        this.row = row;
        this.whole = whole;
    }

    /** Writes the row of a version. */
    static void write(
            ByteWriter writer, long createRevision, long modRevision, int sub, long version, long lease, Bytes value) {
        writer.putLong(createRevision)
                .putLong(modRevision)
                .putLong(version)
                .putLong(lease)
                .putInt(sub)
                .putRaw(value);
    }

    /**
     * Decodes a row of the store.
     *
     * @param whole true if the row contains the value
     */
    static KeyRecord read(Bytes row, boolean whole) {
        ByteReader reader = new ByteReader(row);
        try {
            long create = reader.getCount();
            long mod = reader.getCount();
            long version = reader.getCount();
            long lease = reader.getLong();
            return new KeyRecord(create, mod, reader.getInt(), version, lease, row, whole);
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, "a key-value row: " + e.getMessage(), e);
        }
    }

    boolean isAbsent() {
        return version == 0;
    }

    /** True if this record includes its value. */
    public boolean isWhole() {
        return whole;
    }

    /** True if both are the same version of the same key, with or without the value. */
    boolean isSameAs(KeyRecord ofSameKey) {
        return modRevision == ofSameKey.modRevision && sub == ofSameKey.sub;
    }

    /** Returns the row without the value. */
    Bytes header() {
        return row.slice(0, HEADER_BYTES);
    }

    /** Returns the part of the row that is loaded. */
    Bytes row() {
        return row;
    }

    /** Returns the value. The record must be whole. */
    public Bytes value() {
        if (!whole) {
            throw new IllegalStateException("the value of this version was not read");
        }
        return row.slice(HEADER_BYTES, row.size() - HEADER_BYTES);
    }

    /** Returns the version in its public form. The record must be whole. */
    public KeyValue toKeyValue(Bytes key) {
        return new KeyValue(key, createRevision, modRevision, version, lease, value());
    }

    public KeyValue withoutValue(Bytes key) {
        return new KeyValue(key, createRevision, modRevision, version, lease, Bytes.EMPTY);
    }
}
