package io.loggos.storage.kv.watch.core;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Finds the owners of the ranges that contain a key. Single keys are in a map. The other ranges are in a treap by their
 * first keys (Seidel and Aragon, <i>Randomized Search Trees</i>, 1996), with the largest end of each subtree.
 */
final class RangeIndex<T> {
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final Map<Bytes, Set<T>> single = new LinkedHashMap<>();
    private @Nullable Node<T> root;

    private static final class Node<T> {
        private final KeyRange range;
        private final long priority;
        private final Set<T> owners = new LinkedHashSet<>();
        private @Nullable Node<T> left;
        private @Nullable Node<T> right;
        /** The largest end in this subtree; null for no end. */
        private @Nullable Bytes largestEnd;

        Node(KeyRange range) {
            this.range = range;
            long mixed = range.hashCode() * MULTIPLIER;
            priority = mixed ^ mixed >>> 32;
        }
    }

    void add(KeyRange range, T owner) {
        if (range.isSingle()) {
            single.computeIfAbsent(range.first(), key -> new LinkedHashSet<>()).add(owner);
        } else {
            root = add(root, range, owner);
        }
    }

    void remove(KeyRange range, T owner) {
        if (range.isSingle()) {
            Set<T> owners = single.get(range.first());
            if (owners != null && owners.remove(owner) && owners.isEmpty()) {
                single.remove(range.first());
            }
        } else {
            root = remove(root, range, owner);
        }
    }

    /** Passes on each owner of a range that contains the key. */
    void forEach(Bytes key, Consumer<? super T> action) {
        Set<T> owners = single.get(key);
        if (owners != null) {
            owners.forEach(action);
        }
        forEach(root, key, action);
    }

    /** True if a range contains the key. */
    boolean contains(Bytes key) {
        return single.containsKey(key) || contains(root, key);
    }

    private static <T> boolean contains(@Nullable Node<T> node, Bytes key) {
        if (node == null || endsBefore(node.largestEnd, key)) {
            return false;
        }
        return node.range.contains(key)
                || contains(node.left, key)
                || (node.range.first().compareTo(key) <= 0 && contains(node.right, key));
    }

    private static <T> void forEach(@Nullable Node<T> node, Bytes key, Consumer<? super T> action) {
        if (node == null || endsBefore(node.largestEnd, key)) {
            return;
        }
        forEach(node.left, key, action);
        if (node.range.first().compareTo(key) <= 0) {
            if (!endsBefore(node.range.end(), key)) {
                node.owners.forEach(action);
            }
            forEach(node.right, key, action);
        }
    }

    private static boolean endsBefore(@Nullable Bytes end, Bytes key) {
        return end != null && end.compareTo(key) <= 0;
    }

    private static <T> Node<T> add(@Nullable Node<T> node, KeyRange range, T owner) {
        if (node == null) {
            Node<T> made = new Node<>(range);
            made.owners.add(owner);
            return measured(made);
        }
        int order = compare(range, node.range);
        if (order == 0) {
            node.owners.add(owner);
            return node;
        }
        if (order < 0) {
            Node<T> child = add(node.left, range, owner);
            node.left = child;
            if (child.priority > node.priority) {
                node.left = child.right;
                child.right = measured(node);
                return measured(child);
            }
        } else {
            Node<T> child = add(node.right, range, owner);
            node.right = child;
            if (child.priority > node.priority) {
                node.right = child.left;
                child.left = measured(node);
                return measured(child);
            }
        }
        return measured(node);
    }

    private static <T> @Nullable Node<T> remove(@Nullable Node<T> node, KeyRange range, T owner) {
        if (node == null) {
            return null;
        }
        int order = compare(range, node.range);
        if (order == 0) {
            node.owners.remove(owner);
            return node.owners.isEmpty() ? joined(node.left, node.right) : node;
        }
        if (order < 0) {
            node.left = remove(node.left, range, owner);
        } else {
            node.right = remove(node.right, range, owner);
        }
        return measured(node);
    }

    private static <T> @Nullable Node<T> joined(@Nullable Node<T> left, @Nullable Node<T> right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        if (left.priority > right.priority) {
            left.right = joined(left.right, right);
            return measured(left);
        }
        right.left = joined(left, right.left);
        return measured(right);
    }

    private static <T> Node<T> measured(Node<T> node) {
        Bytes largest = node.range.end();
        largest = node.left == null ? largest : later(largest, node.left.largestEnd);
        node.largestEnd = node.right == null ? largest : later(largest, node.right.largestEnd);
        return node;
    }

    private static @Nullable Bytes later(@Nullable Bytes one, @Nullable Bytes other) {
        if (one == null || other == null) {
            return null;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }

    private static int compare(KeyRange one, KeyRange other) {
        int order = one.first().compareTo(other.first());
        if (order != 0) {
            return order;
        }
        Bytes end = one.end();
        Bytes otherEnd = other.end();
        if (end == null || otherEnd == null) {
            return Boolean.compare(end == null, otherEnd == null);
        }
        return end.compareTo(otherEnd);
    }
}
