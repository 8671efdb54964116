package io.loggos.api.snapshot;

import io.loggos.api.LoggosException;
import org.jspecify.annotations.Nullable;

/** A snapshot was not taken, is not there, or is not what it says. The message says which, and why. */
public final class SnapshotException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public SnapshotException(String message) {
        super(message);
    }

    public SnapshotException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
