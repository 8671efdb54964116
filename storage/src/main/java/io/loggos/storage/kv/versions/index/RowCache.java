package io.loggos.storage.kv.versions.index;

import io.loggos.api.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A bounded cache of rows that were read or written recently. No answer depends on an iteration over it. Not thread-safe.
 *
 * <p>It is a hash table with chaining, and its entries are bytes in a few large arrays, to spare the garbage collector.
 * As objects, entries would live long, be copied, and die in the old generation, at all replicas at about the same
 * time. Entries are appended to one segment after the other. Once all segments are full, the oldest is reused and its
 * entries are dropped. An entry that was read since it was appended gets a second chance, as in page replacement: it is
 * appended again. Such entries take at most half of the segment.
 */
public final class RowCache {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());

    private static final int SEGMENTS = 64;
    private static final int ENTRY_BITS = 20;
    /** Together with the header of the array this is a G1 region, if regions are 1 MiB. */
    private static final int SEGMENT_BYTES = (1 << ENTRY_BITS) - 16;

    private static final int LARGEST_BYTES = 256 << 10;
    private static final int LEAST_CHAINS = 1024;
    /** Longest chain. Somebody can choose keys whose hashes are equal. */
    private static final int MOST_IN_CHAIN = 32;

    /** Stands for "no address". An address combines the number of a segment and the offset of an entry in it. */
    private static final int NONE = -1;

    // Offsets within an entry. The row follows the key.
    private static final int NEXT = 0;
    private static final int HASH = 4;
    private static final int KEY_SIZE = 8;
    private static final int ROW_SIZE = 12;
    private static final int FLAGS = 16;
    private static final int KEY = 17;

    /** Flag of an entry that was read since it was appended. */
    private static final int ASKED = 1;

    private static final class Segment {
        final byte[] bytes = new byte[SEGMENT_BYTES];
        int end;

        int getInt(int at) {
            return (int) INT.get(bytes, at);
        }

        void putInt(int at, int value) {
            INT.set(bytes, at, value);
        }

        boolean hasRoomFor(int size, int upTo) {
            return end + size <= upTo;
        }

        boolean has(int entry, int flag) {
            return (bytes[entry + FLAGS] & flag) != 0;
        }

        int sizeOf(int entry) {
            return KEY + getInt(entry + KEY_SIZE) + getInt(entry + ROW_SIZE);
        }

        Bytes key(int entry) {
            return Bytes.wrap(bytes, entry + KEY, getInt(entry + KEY_SIZE));
        }

        Bytes row(int entry) {
            return Bytes.wrap(bytes, entry + KEY + getInt(entry + KEY_SIZE), getInt(entry + ROW_SIZE));
        }

        void setRow(int entry, Bytes row) {
            bytes[entry + FLAGS] = 0;
            copy(row, entry + KEY + getInt(entry + KEY_SIZE));
        }

        /** Appends an entry, which is in no chain yet, and returns its offset. */
        int append(int hash, Bytes key, Bytes row) {
            int entry = end;
            putInt(entry + HASH, hash);
            putInt(entry + KEY_SIZE, key.size());
            putInt(entry + ROW_SIZE, row.size());
            copy(key, entry + KEY);
            setRow(entry, row);
            end += sizeOf(entry);
            return entry;
        }

        /**
         * Moves an entry to the end of the used part, which lies at or before it. Clears the flag ASKED, returns the
         * new offset.
         */
        int keep(int entry) {
            int size = sizeOf(entry);
            int moved = end;
            System.arraycopy(bytes, entry, bytes, moved, size);
            bytes[moved + FLAGS] &= ~ASKED;
            end += size;
            return moved;
        }

        private void copy(Bytes from, int to) {
            System.arraycopy(from.backingArray(), from.backingOffset(), bytes, to, from.size());
        }
    }

    private final int mostSegments;
    private final List<Segment> segments = new ArrayList<>();
    /** The segment that entries are appended to, or -1. */
    private int filling;
    /** The address of the first entry of each chain. */
    private int[] chains = {};

    private int entries;

    /** Creates a cache with at most 64 MiB. */
    public RowCache() {
        this(SEGMENTS);
    }

    /** Creates a cache with at most this many segments of 1 MiB each. */
    RowCache(int mostSegments) {
        this.mostSegments = mostSegments;
        clear();
    }

    /** Returns a copy of the row of a key; null if it is not kept. */
    public @Nullable Bytes get(Bytes key) {
        int address = find(key, hash(key));
        if (address == NONE) {
            return null;
        }
        Segment segment = segmentOf(address);
        int entry = entryOf(address);
        segment.bytes[entry + FLAGS] |= ASKED;
        return Bytes.wrap(segment.row(entry).toByteArray());
    }

    /** Keeps a copy of the row of a key, in place of its last one. */
    public void put(Bytes key, Bytes row) {
        int hash = hash(key);
        int known = find(key, hash);
        if (known != NONE && segmentOf(known).row(entryOf(known)).size() == row.size()) {
            segmentOf(known).setRow(entryOf(known), row);
            return;
        }
        if (known != NONE) {
            unlink(known);
        }
        if (sizeOf(key, row) <= LARGEST_BYTES) {
            if (filling < 0 || !segments.get(filling).hasRoomFor(sizeOf(key, row), SEGMENT_BYTES)) {
                fillNext();
            }
            link(address(segments.get(filling).append(hash, key, row)));
            if (entries > chains.length) {
                lengthen();
            }
        }
    }

    /** Forgets the row of a key. */
    public void remove(Bytes key) {
        int address = find(key, hash(key));
        if (address != NONE) {
            unlink(address);
        }
    }

    /** Forgets all rows. */
    public void clear() {
        segments.clear();
        filling = -1;
        chains = noChains(LEAST_CHAINS);
        entries = 0;
    }

    private void fillNext() {
        filling = (filling + 1) % mostSegments;
        if (filling == segments.size()) {
            segments.add(new Segment());
        } else {
            useAgain(segments.get(filling));
        }
    }

    /**
     * Takes all entries of a segment out of their chains. Those with a second chance move to the beginning of the
     * segment.
     */
    private void useAgain(Segment segment) {
        int end = segment.end;
        segment.end = 0;
        int entry = 0;
        while (entry < end) {
            int size = segment.sizeOf(entry);
            if (unlink(address(entry)) && segment.has(entry, ASKED) && segment.hasRoomFor(size, SEGMENT_BYTES / 2)) {
                link(address(segment.keep(entry)));
            }
            entry += size;
        }
    }

    private int find(Bytes key, int hash) {
        for (int each = chains[chainOf(hash)]; each != NONE; each = next(each)) {
            if (hashOf(each) == hash && segmentOf(each).key(entryOf(each)).equals(key)) {
                return each;
            }
        }
        return NONE;
    }

    /** Puts an entry at the beginning of its chain. A chain that becomes too long loses its last entry. */
    private void link(int address) {
        int chain = chainOf(hashOf(address));
        setNext(address, chains[chain]);
        chains[chain] = address;
        entries++;
        int last = address;
        for (int length = 1; length < MOST_IN_CHAIN && next(last) != NONE; length++) {
            last = next(last);
        }
        if (next(last) != NONE) {
            setNext(last, NONE);
            entries--;
        }
    }

    /** Takes an entry out of its chain; returns false if it is in none. */
    private boolean unlink(int address) {
        int chain = chainOf(hashOf(address));
        int before = NONE;
        for (int each = chains[chain]; each != NONE; each = next(each)) {
            if (each == address) {
                if (before == NONE) {
                    chains[chain] = next(address);
                } else {
                    setNext(before, next(address));
                }
                entries--;
                return true;
            }
            before = each;
        }
        return false;
    }

    private void lengthen() {
        int[] shorter = chains;
        chains = noChains(2 * shorter.length);
        entries = 0;
        for (int first : shorter) {
            int each = first;
            while (each != NONE) {
                int following = next(each);
                link(each);
                each = following;
            }
        }
    }

    private int next(int address) {
        return segmentOf(address).getInt(entryOf(address) + NEXT);
    }

    private void setNext(int address, int next) {
        segmentOf(address).putInt(entryOf(address) + NEXT, next);
    }

    private int hashOf(int address) {
        return segmentOf(address).getInt(entryOf(address) + HASH);
    }

    private Segment segmentOf(int address) {
        return segments.get(address >>> ENTRY_BITS);
    }

    /** Returns the address of an entry in the segment that entries are appended to. */
    private int address(int entry) {
        return filling << ENTRY_BITS | entry;
    }

    private static int entryOf(int address) {
        return address & ((1 << ENTRY_BITS) - 1);
    }

    private int chainOf(int hash) {
        return hash & (chains.length - 1);
    }

    private static int[] noChains(int length) {
        int[] none = new int[length];
        Arrays.fill(none, NONE);
        return none;
    }

    private static int hash(Bytes key) {
        int hash = key.hashCode();
        return hash ^ (hash >>> 16);
    }

    private static int sizeOf(Bytes key, Bytes row) {
        return KEY + key.size() + row.size();
    }
}
