package io.loggos.storage.kv.versions.index;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An ordered map from keys to rows of one fixed size, which counts the keys of a range in the time of a lookup.
 *
 * <p>It is a B+-tree of three levels (Comer, <i>The Ubiquitous B-Tree</i>, 1979, section 3) with the number of keys in each
 * node. Leaves are arrays of bytes, so a key costs no object: its size, the row, four bytes, and a third of that where keys
 * come in random order. An overwritten row is replaced in place. Keys are ordered as unsigned bytes. Not thread-safe.
 */
public final class KeyIndex {
    /** Memory of a leaf besides its capacity: the object, the header of its array, and its place in the branch. */
    private static final int LEAF_OVERHEAD_BYTES = 48;

    private final int rowBytes;
    private final List<Branch> branches = new ArrayList<>();
    private long keys;

    /** Creates an empty index of rows of this size. */
    public KeyIndex(int rowBytes) {
        this.rowBytes = rowBytes;
    }

    /** The number of keys. */
    public long keys() {
        return keys;
    }

    /** Returns a copy of the row of a key, or null. */
    public @Nullable Bytes get(Bytes key) {
        if (branches.isEmpty()) {
            return null;
        }
        Branch branch = branches.get(find(key));
        Leaf leaf = branch.leaf(branch.find(key));
        int at = leaf.find(key);
        return leaf.isAt(at, key) ? leaf.row(at) : null;
    }

    /** Puts a copy of a row, in place of that of the same key. */
    public void put(Bytes key, Bytes row) {
        if (row.size() != rowBytes) {
            throw new IllegalArgumentException("a row of " + row.size() + " bytes instead of " + rowBytes);
        }
        if (branches.isEmpty()) {
            branches.add(new Branch(List.of(new Leaf(rowBytes))));
            branches.get(0).insert(0, 0, key, row);
            keys++;
            return;
        }
        int index = find(key);
        Branch branch = branches.get(index);
        int leafIndex = branch.find(key);
        Leaf leaf = branch.leaf(leafIndex);
        int at = leaf.find(key);
        if (leaf.isAt(at, key)) {
            leaf.setRow(at, row);
            return;
        }
        boolean appended = index == branches.size() - 1 && leafIndex == branch.leaves() - 1 && leaf.isEnd(at);
        branch.insert(leafIndex, at, key, row);
        keys++;
        if (branch.leaves() > Branch.MOST_LEAVES) {
            branches.add(index + 1, branch.split(appended));
        }
    }

    /** Removes a key, if it is there. */
    public void remove(Bytes key) {
        if (branches.isEmpty()) {
            return;
        }
        int index = find(key);
        Branch branch = branches.get(index);
        int leafIndex = branch.find(key);
        int at = branch.leaf(leafIndex).find(key);
        if (!branch.leaf(leafIndex).isAt(at, key)) {
            return;
        }
        branch.remove(leafIndex, at);
        keys--;
        if (branch.leaves() == 0) {
            branches.remove(index);
        } else if (index + 1 < branches.size()
                && branch.leaves() + branches.get(index + 1).leaves() < Branch.MOST_LEAVES / 2) {
            branch.append(branches.remove(index + 1));
        }
    }

    /** Removes all keys. */
    public void clear() {
        branches.clear();
        keys = 0;
    }

    /** Returns the number of keys in a range. */
    public long count(KeyRange range) {
        Bytes end = range.end();
        return Math.max(0, (end == null ? keys : rank(end)) - rank(range.first()));
    }

    /**
     * Visits the keys of a range with copies of their rows, in ascending order, until the visitor returns false. The visitor
     * must not change the index.
     */
    public void visit(KeyRange range, BiPredicate<Bytes, Bytes> visitor) {
        if (branches.isEmpty()) {
            return;
        }
        Bytes end = range.end();
        int from = find(range.first());
        for (int i = from; i < branches.size(); i++) {
            Branch branch = branches.get(i);
            int fromLeaf = i == from ? branch.find(range.first()) : 0;
            for (int k = fromLeaf; k < branch.leaves(); k++) {
                Leaf leaf = branch.leaf(k);
                for (int at = i == from && k == fromLeaf ? leaf.find(range.first()) : 0;
                        !leaf.isEnd(at);
                        at = leaf.next(at)) {
                    Bytes key = leaf.key(at);
                    if ((end != null && key.compareTo(end) >= 0) || !visitor.test(key, leaf.row(at))) {
                        return;
                    }
                }
            }
        }
    }

    /** Returns the memory of this index in bytes, approximately. It takes time in proportion to the keys. */
    long memoryBytes() {
        long sum = 0;
        for (Branch branch : branches) {
            for (int i = 0; i < branch.leaves(); i++) {
                sum += branch.leaf(i).capacity() + LEAF_OVERHEAD_BYTES;
            }
        }
        return sum;
    }

    /** The number of keys below this one. */
    private long rank(Bytes key) {
        if (branches.isEmpty()) {
            return 0;
        }
        int found = find(key);
        long rank = branches.get(found).rank(key);
        for (int i = 0; i < found; i++) {
            rank += branches.get(i).keys();
        }
        return rank;
    }

    /** The index of the last branch whose first key is not above this one, or 0. */
    private int find(Bytes key) {
        int low = 0;
        int high = branches.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (branches.get(middle).compareFirst(key) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
