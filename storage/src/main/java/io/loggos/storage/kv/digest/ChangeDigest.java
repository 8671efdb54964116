package io.loggos.storage.kv.digest;

import io.loggos.api.Bytes;
import java.util.zip.CRC32C;

/**
 * A rolling digest of all changes of a store, in their order.
 *
 * <p>The row of a change in EVENTS holds the key, the value, and what the store knew of the version before. So replicas
 * with equal digests have made the same changes to the same versions. Each change costs one pass over its row.
 */
public final class ChangeDigest {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final CRC32C sum = new CRC32C();
    private long value;

    /** Goes on from the digest of earlier changes. */
    public void restore(long digest) {
        value = digest;
    }

    /** Adds a change by its position and its row. */
    public void changed(long revision, int sub, Bytes row) {
        sum.reset();
        sum.update(row.backingArray(), row.backingOffset(), row.size());
        add(revision);
        add((long) sub << 32 | sum.getValue());
    }

    /** Adds a compaction. */
    public void compacted(long toRevision) {
        add(-toRevision);
    }

    /** Adds a change that has no event. */
    public void noted(long one, long other) {
        add(~one);
        add(other);
    }

    private void add(long number) {
        long mixed = (value ^ number) * MULTIPLIER;
        value = mixed ^ mixed >>> 29;
    }

    /** The digest of all changes so far. */
    public long value() {
        return value;
    }
}
