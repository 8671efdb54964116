package io.loggos.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Names one replicated log in records and frames: the first eight bytes of the SHA-256 of the log's name,
 * so that all nodes agree on it without talking. A store refuses a second name with the same number.
 */
public record LogId(long value) implements Comparable<LogId> {
    /** The id of the log of this name. */
    public static LogId ofName(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return new LogId(ByteBuffer.wrap(hash).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
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
