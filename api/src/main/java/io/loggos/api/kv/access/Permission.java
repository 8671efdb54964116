package io.loggos.api.kv.access;

import io.loggos.api.kv.keys.KeyRange;

/**
 * The right to read or write keys.
 *
 * @param kind what is allowed
 * @param keys with which keys
 */
public record Permission(Kind kind, KeyRange keys) {
    /** The kinds of access. */
    public enum Kind {
        READ,
        WRITE,
        READ_WRITE;

        /** True if it allows reading. */
        public boolean reads() {
            return this != WRITE;
        }

        /** True if it allows writing. */
        public boolean writes() {
            return this != READ;
        }
    }
}
