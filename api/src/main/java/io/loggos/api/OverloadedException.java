package io.loggos.api;

/** Refused before it was proposed, since too much is under way. Nothing happened; try again later. */
public final class OverloadedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message);
    }
}
