package io.loggos.api.kv;

import io.loggos.api.LoggosException;

/** An operation that the store refuses; it had no effect. */
public final class KeyValueException extends LoggosException {
    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** The revision asked for was compacted away. */
        COMPACTED,
        /** The revision asked for is not there yet. */
        FUTURE_REVISION,
        /** The value or lease of a key that is not there was to be kept. */
        KEY_NOT_FOUND,
        /** A key is put twice in one transaction. */
        DUPLICATE_KEY,
        /** A key is empty. */
        EMPTY_KEY,
        /** A transaction has more operations than allowed. */
        TOO_MANY_OPERATIONS,
        /** The lease does not exist. */
        LEASE_NOT_FOUND,
        /** The operation contradicts itself. */
        INVALID
    }

    private final Reason reason;

    public KeyValueException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why. */
    public Reason reason() {
        return reason;
    }
}
