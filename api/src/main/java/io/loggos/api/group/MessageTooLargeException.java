package io.loggos.api.group;

import io.loggos.api.LoggosException;

/** The message is over the size limit of its group. It was not sent, and a retry would fail again. */
public final class MessageTooLargeException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public MessageTooLargeException(String message) {
        super(message);
    }
}
