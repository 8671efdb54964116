package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A SHA-256 over rows and numbers. */
final class StateDigest {
    private final MessageDigest sha;
    private final ByteBuffer number = ByteBuffer.allocate(8);

    StateDigest() {
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    StateDigest number(long value) {
        sha.update(number.putLong(0, value).array());
        return this;
    }

    /** Adds a row. The sizes of its parts are added too, so that no two states produce the same bytes. */
    boolean row(Bytes key, Bytes value) {
        number(key.size());
        sha.update(key.backingArray(), key.backingOffset(), key.size());
        number(value.size());
        sha.update(value.backingArray(), value.backingOffset(), value.size());
        return true;
    }

    Bytes finish() {
        return Bytes.wrap(sha.digest());
    }
}
