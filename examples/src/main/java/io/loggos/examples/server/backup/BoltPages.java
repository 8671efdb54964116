package io.loggos.examples.server.backup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The pages of a bolt database, version 2, with pages of 4 KiB. All numbers are little-endian.
 *
 * <p>A page begins with its number, its kind, the number of its elements and the number of further pages that belong to
 * it. Pages 0 and 1 are meta pages, of which that with the higher transaction counts. A bucket is a tree of branch and
 * leaf pages. The root is the tree of buckets.
 */
final class BoltPages {
    static final int PAGE_BYTES = 4096;
    static final int HEADER_BYTES = 16;
    static final int ELEMENT_BYTES = 16;

    static final int BRANCH = 0x01;
    static final int LEAF = 0x02;
    static final int META = 0x04;
    static final int FREELIST = 0x10;

    /** The flag of an element of a leaf whose value is a bucket. */
    static final int BUCKET = 0x01;

    /** The value of a bucket: the page of its root, and its sequence. If that page is 0, its leaf follows. */
    static final int BUCKET_BYTES = 16;

    static final int MAGIC = 0xED0CDAED;
    static final int VERSION = 2;
    /** Bytes of a meta page, behind its header, that its checksum covers. */
    static final int META_BYTES = 56;

    private BoltPages() {}

    /** Returns the number of pages that so many bytes take. */
    static int pages(long bytes) {
        return Math.toIntExact((bytes + PAGE_BYTES - 1) / PAGE_BYTES);
    }

    /** Begins a page, and those that belong to it. */
    static ByteBuffer begin(long page, int kind, int count, int pages) {
        ByteBuffer buffer = ByteBuffer.allocate(pages * PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        return buffer.putLong(page)
                .putShort((short) kind)
                .putShort((short) count)
                .putInt(pages - 1);
    }

    /** Returns the checksum of a meta page: FNV-1a. */
    static long checksum(ByteBuffer page) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < META_BYTES; i++) {
            hash = (hash ^ (page.get(HEADER_BYTES + i) & 0xFF)) * 0x100000001b3L;
        }
        return hash;
    }
}
