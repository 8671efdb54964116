package io.loggos.api;

/** The command was sent, and its outcome is unknown: it may have taken effect, may do so later, or never. */
public final class OutcomeUnknownException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException(String message) {
        super(message);
    }

    public OutcomeUnknownException(String message, Throwable cause) {
        super(message, cause);
    }
}
