package io.loggos.api.kv;

import org.jspecify.annotations.Nullable;

/**
 * One change of a key.
 *
 * @param kind the kind of the change
 * @param keyValue the key after the change. A deleted key has its mod revision, which is the revision of the deletion, and
 *     no value
 * @param previous the key before the change, if it was requested and existed; else null
 */
public record WatchEvent(
        Kind kind, KeyValue keyValue, @Nullable KeyValue previous) {
    /** The kinds of changes. */
    public enum Kind {
        /** The key was put. */
        PUT,
        /** The key was deleted. */
        DELETE
    }

    /** Returns the revision of the change. */
    public long revision() {
        return keyValue.modRevision();
    }
}
