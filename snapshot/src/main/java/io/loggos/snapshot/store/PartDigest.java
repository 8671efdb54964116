package io.loggos.snapshot.store;

import io.loggos.api.Bytes;
import io.loggos.internal.hash.Sha256;

/**
 * Identifies the record of one node's part.
 *
 * @param sha256 of the record
 * @param sizeBytes of the record
 */
public record PartDigest(Bytes sha256, long sizeBytes) {
    /** Returns the digest of a record. */
    public static PartDigest of(Bytes record) {
        return new PartDigest(Bytes.wrap(Sha256.of(record.asByteBuffer())), record.size());
    }
}
