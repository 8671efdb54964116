package io.loggos.api.replica;

import io.loggos.api.LoggosException;

/**
 * The log does not keep the answers of the time of this {@link io.loggos.api.RequestId} any more.
 *
 * <p>This call has no effect. The outcome of earlier calls with the same id is unknown, and cannot be asked any more.
 */
public final class RequestTooOldException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public RequestTooOldException(String message) {
        super(message);
    }
}
