package io.loggos.storage.kv.versions.index;

import io.loggos.api.Bytes;
import java.util.ArrayList;
import java.util.List;

/** Some leaves in ascending order of their keys, with the number of keys in all of them. Not thread-safe. */
final class Branch {
    /** The number of leaves above which a branch is split. */
    static final int MOST_LEAVES = 512;

    private final List<Leaf> leaves;
    private long keys;

    Branch(List<Leaf> leaves) {
        this.leaves = new ArrayList<>(leaves);
        leaves.forEach(leaf -> keys += leaf.keys());
    }

    long keys() {
        return keys;
    }

    int leaves() {
        return leaves.size();
    }

    Leaf leaf(int index) {
        return leaves.get(index);
    }

    int compareFirst(Bytes key) {
        return leaves.get(0).compareFirst(key);
    }

    /** The index of the last leaf whose first key is not above this one, or 0. */
    int find(Bytes key) {
        int low = 0;
        int high = leaves.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (leaves.get(middle).compareFirst(key) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** The number of keys below this one. */
    long rank(Bytes key) {
        int found = find(key);
        long rank = leaves.get(found).rank(key);
        for (int i = 0; i < found; i++) {
            rank += leaves.get(i).keys();
        }
        return rank;
    }

    /** Inserts a key into a leaf, which may be split. */
    void insert(int index, int at, Bytes key, Bytes row) {
        Leaf leaf = leaves.get(index);
        boolean appended = leaf.isEnd(at) && index == leaves.size() - 1;
        leaf.insert(at, key, row);
        keys++;
        if (leaf.size() > Leaf.MOST_BYTES && leaf.keys() > 1) {
            leaves.add(index + 1, leaf.split(appended));
        }
    }

    /** Removes an entry of a leaf. The leaf may be joined with the one behind it, or go. */
    void remove(int index, int at) {
        Leaf leaf = leaves.get(index);
        leaf.remove(at);
        keys--;
        if (leaf.keys() == 0) {
            leaves.remove(index);
        } else if (index + 1 < leaves.size()
                && leaf.size() + leaves.get(index + 1).size() < Leaf.MOST_BYTES / 2) {
            leaf.append(leaves.remove(index + 1));
        }
    }

    /** Moves leaves to a new branch: those behind the middle, or the last one if leaves are only appended. */
    Branch split(boolean appended) {
        int from = appended ? leaves.size() - 1 : leaves.size() / 2;
        List<Leaf> moved = leaves.subList(from, leaves.size());
        Branch right = new Branch(moved);
        moved.clear();
        keys -= right.keys;
        return right;
    }

    /** Appends the leaves of the branch behind this one. */
    void append(Branch next) {
        leaves.addAll(next.leaves);
        keys += next.keys;
    }
}
