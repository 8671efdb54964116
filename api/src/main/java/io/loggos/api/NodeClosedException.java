package io.loggos.api;

/** The node or replica is closed. What was asked after the closing had no effect. */
public final class NodeClosedException extends LoggosException {
    private static final long serialVersionUID = 1L;

    public NodeClosedException(String message) {
        super(message);
    }
}
