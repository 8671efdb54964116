package io.loggos.storage.rocksdb.record;

import io.loggos.api.StorageException;
import io.loggos.internal.codec.ByteReader;
import java.util.Map;
import java.util.TreeMap;

/**
 * The chain of writes. Each write carries a link: its number, counted without gaps, and a hash of everything written up
 * to it. The links of the last {@value #RING} writes are kept.
 *
 * <p>At open the links must be consecutive and reach the fence, and the link of the fence must have the fence's hash.
 * Then no write that was synced before the fence is missing. The fence also belongs to this store, and not to a copy of
 * the store that was written to separately.
 */
public final class Chain {
    /** Number of links that are kept. The fence is never more than half of it behind. */
    public static final int RING = 1024;

    public static final int LINK_BYTES = 3 * Long.BYTES;

    /** The number of a write, and the hash of all records up to it. */
    public record Link(long sequence, long hash) {}

    private final long incarnation;
    /** By sequence number: the hash before the write, and the hash after it. */
    private final TreeMap<Long, long[]> links = new TreeMap<>();

    /** Number of links of which neither copy is sound. */
    private int rotten;

    public Chain(long incarnation) {
        this.incarnation = incarnation;
    }

    /** Returns the link before the first write. It is unique to the incarnation. */
    public static Link origin(long incarnation) {
        return new Link(0, incarnation);
    }

    /** Returns the place where the link of a write is stored. */
    public static int position(long sequence) {
        return (int) (sequence % RING);
    }

    /** Returns the hash extended by one record. It does not protect against forgery. */
    public static long extend(long hash, int recordSum) {
        long mixed = (hash ^ (recordSum & 0xFFFF_FFFFL)) * 0x9E37_79B9_7F4A_7C15L;
        return mixed ^ (mixed >>> 29);
    }

    public void found(ByteReader link) {
        links.put(link.getLong(), new long[] {link.getLong(), link.getLong()});
    }

    public void foundRotten() {
        rotten++;
    }

    /**
     * Returns the last write in the store.
     *
     * @throws StorageException if a synced write is missing
     */
    public Link recover(Link fence) {
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
