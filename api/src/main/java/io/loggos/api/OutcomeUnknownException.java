package io.loggos.api;

/** The command was sent, and it cannot be known whether it took effect or will. It may or may not have. */
public final class OutcomeUnknownException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public OutcomeUnknownException(String message) {
        super(message);
    }
}
