package io.loggos.api;

import io.loggos.api.spi.Sha256;

/**
 * Names one replicated log in records and frames: the first eight bytes of the SHA-256 of the log's name,
 * so that all nodes agree on it without talking. A store refuses a second name with the same number.
 */
public record LogId(long value) implements Comparable<LogId> {
    /** The id of the log of this name. */
    public static LogId ofName(String name) {
        return new LogId(Sha256.of(Bytes.utf8(name)).asByteBuffer().getLong());
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
