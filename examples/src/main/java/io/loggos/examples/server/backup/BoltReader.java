package io.loggos.examples.server.backup;

import static io.loggos.examples.server.backup.BoltPages.ELEMENT_BYTES;
import static io.loggos.examples.server.backup.BoltPages.HEADER_BYTES;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads a bolt database. Nothing in the file is trusted. One thread at a time may use it. */
final class BoltReader {
    private static final int LEAST_PAGE_BYTES = 1024;
    private static final int MOST_PAGE_BYTES = 1 << 16;
    private static final int MOST_LEVELS = 32;
    private static final long MOST_NODE_BYTES = 1L << 30;

    /** Receives rows in the order of their keys. */
    interface Receiver {
        void row(byte[] key, byte[] value) throws IOException;
    }

    private final FileChannel file;
    private final long sizeBytes;
    private final int pageBytes;
    private final long rootPage;

    /**
     * Opens a database.
     *
     * @param sizeBytes the size of the database, which may be followed by a digest
     * @throws IOException if it is none
     */
    BoltReader(FileChannel file, long sizeBytes) throws IOException {
        this.file = file;
        this.sizeBytes = sizeBytes;
        ByteBuffer first = read(0, HEADER_BYTES + BoltPages.META_BYTES + Long.BYTES);
        int size = first.getInt(HEADER_BYTES + 8);
        if (size < LEAST_PAGE_BYTES || size > MOST_PAGE_BYTES || Integer.bitCount(size) != 1) {
            throw corrupt("its first page is no meta page");
        }
        pageBytes = size;
        ByteBuffer second = read(pageBytes, HEADER_BYTES + BoltPages.META_BYTES + Long.BYTES);
        boolean soundFirst = isSound(first);
        boolean soundSecond = isSound(second);
        if (!soundFirst && !soundSecond) {
            throw corrupt("neither meta page is sound");
        }
        boolean useSecond = soundSecond && (!soundFirst || transaction(second) > transaction(first));
        rootPage = (useSecond ? second : first).getLong(HEADER_BYTES + 16);
    }

    private static boolean isSound(ByteBuffer meta) {
        return meta.getInt(HEADER_BYTES) == BoltPages.MAGIC
                && meta.getInt(HEADER_BYTES + 4) == BoltPages.VERSION
                && meta.getLong(HEADER_BYTES + BoltPages.META_BYTES) == BoltPages.checksum(meta);
    }

    private static long transaction(ByteBuffer meta) {
        return meta.getLong(HEADER_BYTES + 48);
    }

    /** Passes on the rows of a bucket; none if there is no such bucket. */
    void forEach(String bucket, Receiver receiver) throws IOException {
        byte[] name = bucket.getBytes(StandardCharsets.UTF_8);
        ByteBuffer[] found = {null};
        visit(node(rootPage), 0, true, (key, value) -> {
            if (Arrays.equals(key, name)) {
                found[0] = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
            }
        });
        ByteBuffer header = found[0];
        if (header == null) {
            return;
        }
        if (header.remaining() < BoltPages.BUCKET_BYTES) {
            throw corrupt("the bucket " + bucket + " has no root");
        }
        long root = header.getLong(0);
        ByteBuffer node = root != 0
                ? node(root)
                : header.position(BoltPages.BUCKET_BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
        visit(node, 0, false, receiver);
    }

    private void visit(ByteBuffer node, int depth, boolean buckets, Receiver receiver) throws IOException {
        if (depth > MOST_LEVELS || node.remaining() < HEADER_BYTES) {
            throw corrupt("a tree has too many levels, or a page is too short");
        }
        int kind = node.getShort(8);
        int count = node.getShort(10) & 0xFFFF;
        for (int i = 0; i < count; i++) {
            int element = HEADER_BYTES + i * ELEMENT_BYTES;
            if (kind == BoltPages.BRANCH) {
                visit(node(number(node, element + 8)), depth + 1, buckets, receiver);
            } else if (kind == BoltPages.LEAF) {
                int keyBytes = size(node, element + 8);
                int at = element + size(node, element + 4);
                boolean isBucket = (size(node, element) & BoltPages.BUCKET) != 0;
                if (isBucket == buckets) {
                    receiver.row(bytes(node, at, keyBytes), bytes(node, at + keyBytes, size(node, element + 12)));
                }
            } else {
                throw corrupt("a page of the kind " + kind + " in a tree");
            }
        }
    }

    /** Reads a page with those that belong to it. */
    private ByteBuffer node(long page) throws IOException {
        if (page <= 1 || page >= sizeBytes / pageBytes) {
            throw corrupt("there is no page " + page);
        }
        ByteBuffer header = read(page * pageBytes, HEADER_BYTES);
        long bytes = ((header.getInt(12) & 0xFFFFFFFFL) + 1) * pageBytes;
        if (header.getLong(0) != page || bytes > MOST_NODE_BYTES) {
            throw corrupt("page " + page + " is another one");
        }
        return read(page * pageBytes, (int) bytes);
    }

    private ByteBuffer read(long from, int length) throws IOException {
        if (from < 0 || from + length > sizeBytes) {
            throw corrupt("it ends too early");
        }
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw corrupt("it ends too early");
            }
        }
        return bytes.flip();
    }

    private static long number(ByteBuffer node, int at) throws IOException {
        check(node, at, Long.BYTES);
        return node.getLong(at);
    }

    private static int size(ByteBuffer node, int at) throws IOException {
        check(node, at, Integer.BYTES);
        return node.getInt(at);
    }

    private static byte[] bytes(ByteBuffer node, int at, int length) throws IOException {
        check(node, at, length);
        byte[] bytes = new byte[length];
        node.get(at, bytes);
        return bytes;
    }

    private static void check(ByteBuffer node, int at, int length) throws IOException {
        if (at < 0 || length < 0 || (long) at + length > node.limit()) {
            throw corrupt("an element is not within its page");
        }
    }

    static IOException corrupt(String reason) {
        return new IOException("not a sound bolt database: " + reason);
    }
}
