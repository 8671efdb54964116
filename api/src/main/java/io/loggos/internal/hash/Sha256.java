package io.loggos.internal.hash;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256, which names and checks content. */
public final class Sha256 {
    /** The size of a hash in bytes. */
    public static final int BYTES = 32;

    private Sha256() {}

    /** Returns a new digest, for input that comes in pieces. */
    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Returns the hash of all bytes that remain in the buffer. */
    public static byte[] of(ByteBuffer content) {
        MessageDigest digest = digest();
        digest.update(content);
        return digest.digest();
    }
}
