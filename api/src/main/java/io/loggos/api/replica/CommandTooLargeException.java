package io.loggos.api.replica;

import io.loggos.api.LoggosException;

/** The command is over the size limit. It had no effect, and a retry would fail again. */
public final class CommandTooLargeException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public CommandTooLargeException(String message) {
        super(message);
    }
}
