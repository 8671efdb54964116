package io.loggos.api;

import org.jspecify.annotations.Nullable;

/** The data directory cannot be used, or failed while in use. */
public final class StorageException extends LoggosException {
    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** Another process, or another node of this one, has the directory open. */
        LOCKED,
        /** The directory belongs to another node or another cluster. */
        OTHER_IDENTITY,
        /** The directory was written by a version of this library that this one cannot read. */
        OTHER_FORMAT,
        /** The directory was being created when the process ended, or parts of it are gone. */
        STORE_INCOMPLETE,
        /** What was known to be synced is no longer there: the node has forgotten promises it made. */
        SYNCED_DATA_LOST,
        /** A record does not check. */
        CORRUPT,
        /** No room. */
        STORAGE_FULL,
        /** A read, write or sync failed. After a failed write or sync the store must be opened anew. */
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

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
