package io.loggos.api.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;

/**
 * A condition on every key of a range.
 *
 * <p>If the range holds no key, the condition is tested against a key that was never put: revisions, version and lease
 * 0, and no value. A comparison of values then fails.
 *
 * @param keys the range
 * @param target the field of a key that is compared
 * @param relation the comparison, with the key's field on the left
 * @param number the right-hand side, for all targets but the value
 * @param value the right-hand side, for the value
 */
public record Compare(KeyRange keys, Target target, Relation relation, long number, Bytes value) {
    /** The field of a key that is compared. */
    public enum Target {
        VERSION,
        CREATE_REVISION,
        MOD_REVISION,
        VALUE,
        LEASE
    }

    /** The comparison, with the key's field on the left and the given operand on the right. */
    public enum Relation {
        EQUAL,
        GREATER,
        LESS,
        NOT_EQUAL
    }

    /** Returns a condition on a numeric field of one key. */
    public static Compare number(Bytes key, Target target, Relation relation, long number) {
        return new Compare(KeyRange.single(key), target, relation, number, Bytes.EMPTY);
    }

    /** Returns a condition on the value of one key. */
    public static Compare value(Bytes key, Relation relation, Bytes value) {
        return new Compare(KeyRange.single(key), Target.VALUE, relation, 0, value);
    }
}
