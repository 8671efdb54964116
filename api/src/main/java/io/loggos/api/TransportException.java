package io.loggos.api;

import org.jspecify.annotations.Nullable;

/** The node cannot listen on the configured address. */
public final class TransportException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public TransportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
