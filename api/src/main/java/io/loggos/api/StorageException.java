package io.loggos.api;

import org.jspecify.annotations.Nullable;

/** The data directory cannot be used, or failed while it was in use. */
public final class StorageException extends LoggosException {
    private static final long serialVersionUID = 1L;

    /** The kind of problem. */
    public enum Kind {
        /** Another process, or another node in this process, has the directory open. */
        LOCKED,
        /** The directory belongs to another node or another cluster. */
        OTHER_IDENTITY,
        /** The directory was written by a version of this library that this one cannot read. */
        OTHER_FORMAT,
        /** The process ended while it was creating the directory, or parts of the directory are missing. */
        STORE_INCOMPLETE,
        /** Data that was known to be synced is missing, so the node has forgotten promises that it made. */
        SYNCED_DATA_LOST,
        /** The checksum of a record is wrong. */
        CORRUPT,
        /** The disk is full. */
        STORAGE_FULL,
        /** A read, write or sync failed. After a failed write or sync the store must be opened again. */
        IO
    }

    private final Kind kind;

    public StorageException(Kind kind, String message, @Nullable Throwable cause) {
        super(kind + ": " + message, cause);
        this.kind = kind;
    }

    public StorageException(Kind kind, String message) {
        this(kind, message, null);
    }

    /** The kind of problem. */
    public Kind kind() {
        return kind;
    }
}
