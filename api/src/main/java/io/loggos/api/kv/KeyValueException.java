package io.loggos.api.kv;

import io.loggos.api.LoggosException;

/** The store refused an operation, which had no effect. */
public final class KeyValueException extends LoggosException {
    private static final long serialVersionUID = 1L;

    /** The reason for the refusal. */
    public enum Reason {
        /** The requested revision was compacted away. */
        COMPACTED,
        /** The requested revision does not exist yet. */
        FUTURE_REVISION,
        /** The operation was to keep the value or lease of a key that does not exist. */
        KEY_NOT_FOUND,
        /** A key is put twice in one transaction. */
        DUPLICATE_KEY,
        /** A key is empty. */
        EMPTY_KEY,
        /** A transaction has more comparisons or operations than this node allows. */
        TOO_MANY_OPERATIONS,
        /** The lease does not exist: it was never granted, was revoked, or has expired. */
        LEASE_NOT_FOUND,
        /** The operation contradicts itself. */
        INVALID,
        /**
         * A command visits more than a million keys, or its answer has more than 16 MiB of keys and values. Do it in
         * parts, or without asking for the previous values.
         */
        OPERATION_TOO_LARGE,
        /** The answer of a read is larger than this node allows. Read it in parts: with a limit, or smaller ranges. */
        ANSWER_TOO_LARGE,
        /** A lease of that id exists already. */
        LEASE_EXISTS,
        /** The time to live of a lease is more than 9,000,000,000 s. */
        LEASE_TTL_TOO_LARGE,
        /** The store of a node exceeds its quota; see {@link io.loggos.api.kv.maintenance.Alarm}. */
        NO_SPACE,
        /** The copies of the store differ; see {@link io.loggos.api.kv.maintenance.Alarm}. */
        CORRUPT
    }

    private final Reason reason;

    public KeyValueException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** The reason for the refusal. */
    public Reason reason() {
        return reason;
    }
}
