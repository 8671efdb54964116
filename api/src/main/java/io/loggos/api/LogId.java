package io.loggos.api;

import io.loggos.internal.hash.Sha256;
import java.nio.ByteBuffer;

/**
 * The number of a replicated log in records and frames: the first eight bytes of the SHA-256 of its name.
 *
 * <p>All nodes therefore agree on it without communication. A store refuses a second name with the same number.
 */
public record LogId(long value) implements Comparable<LogId> {
    /** Returns the id of the log with this name. */
    public static LogId ofName(String name) {
        return new LogId(
                ByteBuffer.wrap(Sha256.of(Bytes.utf8(name).asByteBuffer())).getLong());
    }

    @Override
    public int compareTo(LogId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return "log-" + Long.toHexString(value);
    }
}
