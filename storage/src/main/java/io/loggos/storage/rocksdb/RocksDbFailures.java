package io.loggos.storage.rocksdb;

import io.loggos.api.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/** Translates failures of RocksDB and of the file system into failures of the store. */
public final class RocksDbFailures {
    private RocksDbFailures() {}

    public static StorageException of(String doing, RocksDBException failure) {
        return new StorageException(kind(failure), doing + ": " + failure.getMessage(), failure);
    }

    public static StorageException of(String doing, Path path, IOException failure) {
        StorageException.Kind kind =
                saysFull(failure.getMessage()) ? StorageException.Kind.STORAGE_FULL : StorageException.Kind.IO;
        return new StorageException(kind, doing + " " + path + ": " + failure, failure);
    }

    public static boolean isCorruption(RocksDBException failure) {
        Status status = failure.getStatus();
        return status != null && status.getCode() == Status.Code.Corruption;
    }

    private static StorageException.Kind kind(RocksDBException failure) {
        Status status = failure.getStatus();
        if ((status != null && status.getSubCode() == Status.SubCode.NoSpace) || saysFull(failure.getMessage())) {
            return StorageException.Kind.STORAGE_FULL;
        }
        if (!isCorruption(failure)) {
            return StorageException.Kind.IO;
        }
        // With several column families RocksDB itself detects that the write-ahead log lost data that a table has.
        return String.valueOf(failure.getMessage()).contains("ahead of WAL")
                ? StorageException.Kind.SYNCED_DATA_LOST
                : StorageException.Kind.CORRUPT;
    }

    private static boolean saysFull(@Nullable String message) {
        return message != null && message.toLowerCase(Locale.ROOT).contains("no space left");
    }
}
