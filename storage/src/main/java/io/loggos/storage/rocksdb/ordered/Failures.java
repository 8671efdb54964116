package io.loggos.storage.rocksdb.ordered;

import io.loggos.api.StorageException;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Translates the exceptions of RocksDB. */
final class Failures {
    private Failures() {}

    static StorageException of(String what, RocksDBException e) {
        Status status = e.getStatus();
        StorageException.Kind kind = StorageException.Kind.IO;
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            kind = StorageException.Kind.STORAGE_FULL;
        } else if (status != null && status.getCode() == Status.Code.Corruption) {
            kind = StorageException.Kind.CORRUPT;
        }
        return new StorageException(kind, what + ": " + e.getMessage(), e);
    }
}
