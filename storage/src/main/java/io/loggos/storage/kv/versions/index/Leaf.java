package io.loggos.storage.kv.versions.index;

import io.loggos.api.Bytes;
import java.util.Arrays;

/**
 * Some keys in ascending order, each with a row of fixed size, in one array of bytes. An entry is the size of its key, the
 * key and the row. Not thread-safe.
 */
final class Leaf {
    /** The size above which a leaf is split. */
    static final int MOST_BYTES = 2048;

    private static final int LEAST_CAPACITY = 256;
    private static final int SIZE_BYTES = 4;

    private final int rowBytes;
    private byte[] bytes;
    private int end;
    private int keys;

    Leaf(int rowBytes) {
        this.rowBytes = rowBytes;
        this.bytes = new byte[LEAST_CAPACITY];
    }

    private Leaf(int rowBytes, byte[] bytes, int keys) {
        this.rowBytes = rowBytes;
        this.bytes = bytes;
        this.end = bytes.length;
        this.keys = keys;
    }

    int keys() {
        return keys;
    }

    /** The size of the entries. */
    int size() {
        return end;
    }

    /** The size of the array. */
    int capacity() {
        return bytes.length;
    }

    /** Compares the first key with another one. This leaf is not empty. */
    int compareFirst(Bytes key) {
        return compare(0, key);
    }

    /** The offset of the first entry whose key is not below this one, or the end. */
    int find(Bytes key) {
        int at = 0;
        while (at < end && compare(at, key) < 0) {
            at += entryBytes(at);
        }
        return at;
    }

    boolean isAt(int at, Bytes key) {
        return at < end && compare(at, key) == 0;
    }

    /** The number of keys below this one. */
    int rank(Bytes key) {
        int rank = 0;
        for (int at = 0; at < end && compare(at, key) < 0; at += entryBytes(at)) {
            rank++;
        }
        return rank;
    }

    boolean isEnd(int at) {
        return at == end;
    }

    int next(int at) {
        return at + entryBytes(at);
    }

    /** A copy of the key of an entry. */
    Bytes key(int at) {
        int from = at + SIZE_BYTES;
        return Bytes.wrap(Arrays.copyOfRange(bytes, from, from + keyBytes(at)));
    }

    /** A copy of the row of an entry. */
    Bytes row(int at) {
        int from = at + SIZE_BYTES + keyBytes(at);
        return Bytes.wrap(Arrays.copyOfRange(bytes, from, from + rowBytes));
    }

    void setRow(int at, Bytes row) {
        System.arraycopy(row.backingArray(), row.backingOffset(), bytes, at + SIZE_BYTES + keyBytes(at), rowBytes);
    }

    /** Inserts an entry before the one at an offset. */
    void insert(int at, Bytes key, Bytes row) {
        int more = SIZE_BYTES + key.size() + rowBytes;
        if (end + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + more, Math.min(2 * bytes.length, MOST_BYTES)));
        }
        System.arraycopy(bytes, at, bytes, at + more, end - at);
        end += more;
        keys++;
        putSize(at, key.size());
        System.arraycopy(key.backingArray(), key.backingOffset(), bytes, at + SIZE_BYTES, key.size());
        setRow(at, row);
    }

    void remove(int at) {
        int less = entryBytes(at);
        System.arraycopy(bytes, at + less, bytes, at, end - at - less);
        end -= less;
        keys--;
        if (end < bytes.length / 4 && bytes.length > LEAST_CAPACITY) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * end, LEAST_CAPACITY));
        }
    }

    /**
     * Moves the entries behind the middle to a new leaf. If entries are only appended, the last one alone moves: then leaves
     * that are filled in order are full. There are at least two entries.
     */
    Leaf split(boolean appended) {
        int at = 0;
        int left = 0;
        int next = entryBytes(0);
        do {
            at = next;
            left++;
            next = at + entryBytes(at);
        } while (next < end && (appended || at < end / 2));
        Leaf right = new Leaf(rowBytes, Arrays.copyOfRange(bytes, at, end), keys - left);
        bytes = Arrays.copyOf(bytes, at);
        end = at;
        keys = left;
        return right;
    }

    /** Appends the entries of the leaf behind this one. */
    void append(Leaf next) {
        bytes = Arrays.copyOf(bytes, end + next.end);
        System.arraycopy(next.bytes, 0, bytes, end, next.end);
        end += next.end;
        keys += next.keys;
    }

    private int entryBytes(int at) {
        return SIZE_BYTES + keyBytes(at) + rowBytes;
    }

    private int compare(int at, Bytes key) {
        int from = at + SIZE_BYTES;
        byte[] other = key.backingArray();
        int otherFrom = key.backingOffset();
        return Arrays.compareUnsigned(bytes, from, from + keyBytes(at), other, otherFrom, otherFrom + key.size());
    }

    private int keyBytes(int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | (bytes[at + 3] & 0xFF);
    }

    private void putSize(int at, int size) {
        bytes[at] = (byte) (size >>> 24);
        bytes[at + 1] = (byte) (size >>> 16);
        bytes[at + 2] = (byte) (size >>> 8);
        bytes[at + 3] = (byte) size;
    }
}
