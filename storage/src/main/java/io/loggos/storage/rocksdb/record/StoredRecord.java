package io.loggos.storage.rocksdb.record;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.internal.codec.ByteReader;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A decoded record. Its bytes are: format version, kind, fields, and the CRC-32C over the key and everything before it.
 * Since the CRC covers the key, a record under a wrong key is not sound either.
 *
 * @param fields the bytes between the kind and the CRC
 */
public record StoredRecord(RecordKind kind, Bytes fields) {
    /** Version of the format of all records. */
    public static final byte FORMAT = 1;

    /** Size of version and kind. */
    public static final int HEAD_BYTES = 2;

    public static final int SUM_BYTES = 4;

    /**
     * Returns the record in these bytes, or null if it is not sound.
     *
     * @throws StorageException if it is sound but has another version
     */
    public static @Nullable StoredRecord check(byte[] key, byte[] value) {
        int body = value.length - SUM_BYTES;
        if (body < HEAD_BYTES) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(key);
        crc.update(value, 0, body);
        if (new ByteReader(Bytes.wrap(value, body, SUM_BYTES)).getInt() != (int) crc.getValue()) {
            return null;
        }
        if (value[0] != FORMAT) {
            throw new StorageException(
                    StorageException.Kind.OTHER_FORMAT,
                    "a record of version " + value[0] + "; this library reads version " + FORMAT);
        }
        RecordKind kind = RecordKind.ofCode(value[1]);
        return kind == null ? null : new StoredRecord(kind, Bytes.wrap(value, HEAD_BYTES, body - HEAD_BYTES));
    }

    public ByteReader reader() {
        return new ByteReader(fields);
    }
}
