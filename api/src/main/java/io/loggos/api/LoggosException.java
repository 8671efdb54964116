package io.loggos.api;

import org.jspecify.annotations.Nullable;

/** The root of this library's exceptions. Each subclass says what happened and what is known about the outcome. */
public abstract class LoggosException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected LoggosException(String message) {
        super(message);
    }

    protected LoggosException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
