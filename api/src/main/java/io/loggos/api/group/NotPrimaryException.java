package io.loggos.api.group;

import io.loggos.api.LoggosException;

/** The view is not primary, and the policy of the group forbids sending. The message was not sent. */
public final class NotPrimaryException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public NotPrimaryException(String message) {
        super(message);
    }
}
