package io.loggos.snapshot.store;

import io.loggos.api.Bytes;
import io.loggos.api.spi.Sha256;

/**
 * Identifies the record of one node's part.
 *
 * @param sha256 of the record
 * @param sizeBytes of the record
 */
public record PartDigest(Bytes sha256, long sizeBytes) {
    /** Returns the digest of a record. */
    public static PartDigest of(Bytes record) {
        return new PartDigest(Sha256.of(record), record.size());
    }
}
