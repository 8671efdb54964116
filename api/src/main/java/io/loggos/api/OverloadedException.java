package io.loggos.api;

/**
 * Refused before it was proposed, since too much is under way. Nothing happened; try again later. It has no stack trace:
 * to refuse must cost less than to accept, or a flood of refusals takes the processor from what was accepted.
 */
public final class OverloadedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message);
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
