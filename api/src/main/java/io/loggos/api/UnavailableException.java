package io.loggos.api;

/** No quorum could be reached in time. The operation had no effect. */
public final class UnavailableException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message) {
        super(message);
    }
}
