package io.loggos.api.kv;

import io.loggos.api.Bytes;

/**
 * A condition on every key of a range, or, if the range holds none, on a key that was never put: revisions,
 * version and lease 0, no value (a comparison of values then fails).
 *
 * @param number what to compare with, for all targets but the value
 * @param value what to compare with, for the value
 */
public record Compare(KeyRange keys, Target target, Relation relation, long number, Bytes value) {
    /** What of a key is compared. */
    public enum Target {
        VERSION,
        CREATE_REVISION,
        MOD_REVISION,
        VALUE,
        LEASE
    }

    /** How: the key's on the left, the given on the right. */
    public enum Relation {
        EQUAL,
        GREATER,
        LESS,
        NOT_EQUAL
    }

    /** Compares a number. */
    public static Compare number(Bytes key, Target target, Relation relation, long number) {
        return new Compare(KeyRange.single(key), target, relation, number, Bytes.EMPTY);
    }

    /** Compares the value. */
    public static Compare value(Bytes key, Relation relation, Bytes value) {
        return new Compare(KeyRange.single(key), Target.VALUE, relation, 0, value);
    }
}
