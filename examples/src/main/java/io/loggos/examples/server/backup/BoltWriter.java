package io.loggos.examples.server.backup;

import static io.loggos.examples.server.backup.BoltPages.ELEMENT_BYTES;
import static io.loggos.examples.server.backup.BoltPages.HEADER_BYTES;

import io.loggos.api.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Writes a bolt database from its first byte to its last, so that it can be sent while it is written. The first pages
 * say where everything is. So the rows are read twice: first their sizes decide on the pages, then they are written.
 *
 * <p>Leaves are larger than one page. So the plan, which is one key for each leaf, is small.
 */
final class BoltWriter {
    /** The rows of a bucket in the order of their keys. Each call passes on the same rows. */
    @FunctionalInterface
    interface Rows {
        void forEach(BiConsumer<byte[], byte[]> receiver);
    }

    private static final int NODE_BYTES = 8 * BoltPages.PAGE_BYTES;
    private static final int FREELIST_PAGE = 2;
    private static final int FIRST_PAGE = 3;

    /** A page that is planned: its first key, and where it is. */
    private record Node(Bytes first, long page, int pages) {}

    /** A bucket that is planned: the levels of its tree, leaves first, and the page of its root. */
    private record Bucket(Rows rows, List<List<Node>> levels, long root) {}

    /** Elements of a page that is being filled. */
    private static final class Filling {
        final List<byte[]> keys = new ArrayList<>();
        final List<byte[]> values = new ArrayList<>();
        long bytes = HEADER_BYTES;

        boolean hasRoom(byte[] key, byte[] value) {
            return keys.isEmpty() || bytes + ELEMENT_BYTES + key.length + value.length <= NODE_BYTES;
        }

        void add(byte[] key, byte[] value) {
            keys.add(key);
            values.add(value);
            bytes += ELEMENT_BYTES + key.length + value.length;
        }

        void clear() {
            keys.clear();
            values.clear();
            bytes = HEADER_BYTES;
        }
    }

    private final TreeMap<String, Bucket> buckets = new TreeMap<>();
    private final long rootPage;
    private final int rootPages;
    private long nextPage = FIRST_PAGE;

    /** Plans a database with these buckets. */
    BoltWriter(SortedMap<String, Rows> contents) {
        contents.forEach((name, rows) -> buckets.put(name, plan(rows)));
        Filling root = root();
        rootPage = nextPage;
        rootPages = BoltPages.pages(root.bytes);
        nextPage += rootPages;
    }

    /** Returns the size of the database. */
    long sizeBytes() {
        return nextPage * BoltPages.PAGE_BYTES;
    }

    private Bucket plan(Rows rows) {
        List<Node> leaves = new ArrayList<>();
        Filling leaf = new Filling();
        rows.forEach((key, value) -> {
            if (!leaf.hasRoom(key, value)) {
                leaves.add(place(leaf));
            }
            // Only its size is needed, and of the first one the key.
            leaf.bytes += ELEMENT_BYTES + key.length + value.length;
            if (leaf.keys.isEmpty()) {
                leaf.keys.add(key);
            }
        });
        if (!leaf.keys.isEmpty() || leaves.isEmpty()) {
            leaves.add(place(leaf));
        }
        List<List<Node>> levels = new ArrayList<>(List.of(leaves));
        while (levels.get(levels.size() - 1).size() > 1) {
            levels.add(above(levels.get(levels.size() - 1)));
        }
        return new Bucket(rows, levels, levels.get(levels.size() - 1).get(0).page());
    }

    private List<Node> above(List<Node> below) {
        List<Node> branches = new ArrayList<>();
        for (List<Node> children : grouped(below)) {
            Filling branch = new Filling();
            children.forEach(child -> branch.add(child.first().toByteArray(), new byte[0]));
            branches.add(place(branch));
        }
        return branches;
    }

    private static List<List<Node>> grouped(List<Node> nodes) {
        List<List<Node>> groups = new ArrayList<>();
        List<Node> group = new ArrayList<>();
        long bytes = HEADER_BYTES;
        for (Node node : nodes) {
            if (group.size() > 1 && bytes + ELEMENT_BYTES + node.first().size() > NODE_BYTES) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = HEADER_BYTES;
            }
            group.add(node);
            bytes += ELEMENT_BYTES + node.first().size();
        }
        groups.add(group);
        return groups;
    }

    private Node place(Filling filling) {
        int pages = BoltPages.pages(filling.bytes);
        Node node = new Node(filling.keys.isEmpty() ? Bytes.EMPTY : Bytes.wrap(filling.keys.get(0)), nextPage, pages);
        nextPage += pages;
        filling.clear();
        return node;
    }

    private Filling root() {
        Filling root = new Filling();
        buckets.forEach((name, bucket) -> {
            byte[] value = new byte[BoltPages.BUCKET_BYTES];
            ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putLong(bucket.root());
            root.add(name.getBytes(StandardCharsets.UTF_8), value);
        });
        return root;
    }

    /**
     * Writes the database, some pages at a time.
     *
     * @throws IllegalStateException if the rows are not those of the plan
     */
    void writeTo(Consumer<ByteBuffer> out) {
        out.accept(meta(0, 2));
        out.accept(meta(1, 1));
        out.accept(finish(BoltPages.begin(FREELIST_PAGE, BoltPages.FREELIST, 0, 1)));
        for (Map.Entry<String, Bucket> each : buckets.entrySet()) {
            write(each.getValue(), out);
        }
        out.accept(leaf(root(), rootPage, BoltPages.BUCKET));
    }

    private ByteBuffer meta(long page, long transaction) {
        ByteBuffer meta = BoltPages.begin(page, BoltPages.META, 0, 1)
                .putInt(BoltPages.MAGIC)
                .putInt(BoltPages.VERSION)
                .putInt(BoltPages.PAGE_BYTES)
                .putInt(0)
                .putLong(rootPage)
                .putLong(0)
                .putLong(FREELIST_PAGE)
                .putLong(nextPage)
                .putLong(transaction);
        return finish(meta.putLong(BoltPages.checksum(meta)));
    }

    private static void write(Bucket bucket, Consumer<ByteBuffer> out) {
        List<Node> leaves = bucket.levels().get(0);
        int[] written = {0};
        Filling filling = new Filling();
        bucket.rows().forEach((key, value) -> {
            if (!filling.hasRoom(key, value)) {
                writeLeaf(leaves, written[0]++, filling, out);
            }
            filling.add(key, value);
        });
        if (!filling.keys.isEmpty() || written[0] == 0) {
            writeLeaf(leaves, written[0]++, filling, out);
        }
        if (written[0] != leaves.size()) {
            throw changed();
        }
        for (int level = 1; level < bucket.levels().size(); level++) {
            List<List<Node>> groups = grouped(bucket.levels().get(level - 1));
            for (int i = 0; i < groups.size(); i++) {
                out.accept(branch(groups.get(i), bucket.levels().get(level).get(i)));
            }
        }
    }

    private static void writeLeaf(List<Node> leaves, int number, Filling filling, Consumer<ByteBuffer> out) {
        if (number >= leaves.size() || leaves.get(number).pages() != BoltPages.pages(filling.bytes)) {
            throw changed();
        }
        out.accept(leaf(filling, leaves.get(number).page(), 0));
        filling.clear();
    }

    private static IllegalStateException changed() {
        return new IllegalStateException("the rows have changed while they were written");
    }

    private static ByteBuffer leaf(Filling filling, long page, int flags) {
        int count = filling.keys.size();
        ByteBuffer leaf = BoltPages.begin(page, BoltPages.LEAF, count, BoltPages.pages(filling.bytes));
        int at = HEADER_BYTES + count * ELEMENT_BYTES;
        for (int i = 0; i < count; i++) {
            byte[] key = filling.keys.get(i);
            byte[] value = filling.values.get(i);
            leaf.putInt(flags)
                    .putInt(at - leaf.position() + 4)
                    .putInt(key.length)
                    .putInt(value.length);
            leaf.put(at, key).put(at + key.length, value);
            at += key.length + value.length;
        }
        return finish(leaf);
    }

    private static ByteBuffer branch(List<Node> children, Node placed) {
        int count = children.size();
        ByteBuffer branch = BoltPages.begin(placed.page(), BoltPages.BRANCH, count, placed.pages());
        int at = HEADER_BYTES + count * ELEMENT_BYTES;
        for (Node child : children) {
            branch.putInt(at - branch.position()).putInt(child.first().size()).putLong(child.page());
            branch.put(at, child.first().toByteArray());
            at += child.first().size();
        }
        return finish(branch);
    }

    /** Makes the whole buffer readable. */
    private static ByteBuffer finish(ByteBuffer page) {
        return page.position(page.capacity()).flip();
    }
}
