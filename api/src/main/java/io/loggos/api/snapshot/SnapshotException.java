package io.loggos.api.snapshot;

import io.loggos.api.LoggosException;
import org.jspecify.annotations.Nullable;

/** A snapshot failed, is missing, or is damaged. The message gives the reason. */
public final class SnapshotException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public SnapshotException(String message) {
        super(message);
    }

    public SnapshotException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
