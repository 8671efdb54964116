package io.loggos.multicast;

/** An invariant of this node's own does not hold. No message is to blame, and no state can be trusted. */
public final class InvariantException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    InvariantException(String message) {
        super(message);
    }
}
