package io.loggos.api;

/** The node or replica is closed. A call made after the close had no effect. */
public final class NodeClosedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public NodeClosedException(String message) {
        super(message);
    }
}
