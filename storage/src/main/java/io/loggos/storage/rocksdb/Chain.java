package io.loggos.storage.rocksdb;

import io.loggos.api.StorageException;
import io.loggos.api.spi.ByteReader;
import java.util.Map;
import java.util.TreeMap;

/**
 * The chain of writes: each write carries its number, counted without gaps, and a hash of all that was written up
 * to it. The links of the last {@value #RING} writes are kept. At open they must hang together and reach the
 * fence, and the fence's link must be among them with the same hash; then nothing that was synced before the fence
 * is missing, and the fence belongs to this store and not to a copy of it that went another way.
 */
final class Chain {
    /** How many links are kept. The fence is never further behind than half of it. */
    static final int RING = 1024;

    static final int LINK_BYTES = 3 * Long.BYTES;

    /** One write. */
    record Link(long sequence, long hash) {}

    private final long incarnation;
    /** By sequence: the hash before the write, and after it. */
    private final TreeMap<Long, long[]> links = new TreeMap<>();

    /** How many links are there of which neither copy checks. */
    private int rotten;

    Chain(long incarnation) {
        this.incarnation = incarnation;
    }

    /** What stands before the first write; no other store has it. */
    static Link origin(long incarnation) {
        return new Link(0, incarnation);
    }

    /** Where the link of a write is kept. */
    static int position(long sequence) {
        return (int) (sequence % RING);
    }

    /** The hash with one more record in it. Not meant against forgery. */
    static long extend(long hash, int recordSum) {
        long mixed = (hash ^ (recordSum & 0xFFFF_FFFFL)) * 0x9E37_79B9_7F4A_7C15L;
        return mixed ^ (mixed >>> 29);
    }

    void found(ByteReader link) {
        links.put(link.getLong(), new long[] {link.getLong(), link.getLong()});
    }

    void foundRotten() {
        rotten++;
    }

    /**
     * The last write that is there.
     *
     * @throws StorageException if a write is missing that was synced
     */
    Link recover(Link fence) {
        Link last = links.isEmpty()
                ? origin(incarnation)
                : new Link(links.lastKey(), links.lastEntry().getValue()[1]);
        if (last.sequence() < fence.sequence()) {
            throw lost("write " + fence.sequence() + " was synced, and the last that is there is " + last.sequence());
        }
        long expected = Math.min(last.sequence(), RING);
        if (expected - links.size() > rotten) {
            throw lost("writes are missing before " + last.sequence());
        }
        Link before = origin(incarnation);
        for (Map.Entry<Long, long[]> link : links.entrySet()) {
            boolean follows = link.getKey() == before.sequence() + 1;
            if (follows && link.getValue()[0] != before.hash()) {
                throw lost("write " + link.getKey() + " does not follow the one before it");
            }
            before = new Link(link.getKey(), link.getValue()[1]);
        }
        long[] fenced = links.get(fence.sequence());
        long fencedHash = fence.sequence() == 0 ? incarnation : fenced == null ? fence.hash() : fenced[1];
        if (fencedHash != fence.hash()) {
            throw lost("write " + fence.sequence() + " is not the one that was synced under this number");
        }
        return last;
    }

    private static StorageException lost(String what) {
        return new StorageException(
                StorageException.Kind.SYNCED_DATA_LOST,
                what + ". This node has forgotten promises it may have made; it can only come back as a new"
                        + " incarnation, with a fresh directory");
    }
}
