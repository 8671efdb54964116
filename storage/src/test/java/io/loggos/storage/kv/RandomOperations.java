package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.api.kv.keys.KeyRange;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/**
 * Random operations from a seed, some of them invalid. There are few keys, with unusual bytes, so that operations often
 * share keys.
 */
public final class RandomOperations {
    private static final byte[] ALPHABET = {0, 1, 'a', (byte) 0xFF};

    private final Random random;
    private final int keyBytes;

    /** Creates operations on keys of up to this many bytes; each byte has one of four values. */
    public RandomOperations(Random random, int keyBytes) {
        this.random = random;
        this.keyBytes = keyBytes;
    }

    /** Returns the next operation for a store at a revision. */
    public Operation next(long revision) {
        int kind = random.nextInt(100);
        if (kind < 40) {
            return put();
        }
        if (kind < 55) {
            return delete();
        }
        if (kind < 75) {
            return range(revision);
        }
        return kind < 98 ? transaction(revision, 1 + random.nextInt(3)) : new Operation.Compact(nearby(revision));
    }

    /** Returns a read of a range, sometimes at an older revision. */
    public Operation.Range range(long revision) {
        return new Operation.Range(
                keys(),
                random.nextInt(3) == 0 ? 0 : nearby(revision),
                random.nextInt(3) == 0 ? 1 + random.nextInt(4) : 0,
                any(SortTarget.class),
                any(SortOrder.class),
                random.nextInt(4) == 0,
                random.nextInt(6) == 0,
                bound(revision),
                bound(revision),
                bound(revision),
                bound(revision));
    }

    /** Returns a transaction. */
    public Operation.Transaction transaction(long revision, int depth) {
        List<Compare> compares = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            compares.add(compare(revision));
        }
        return new Operation.Transaction(compares, branch(revision, depth), branch(revision, depth));
    }

    private List<Operation> branch(long revision, int depth) {
        List<Operation> branch = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            branch.add(
                    switch (random.nextInt(depth > 1 ? 5 : 4)) {
                        case 0, 1 -> put();
                        case 2 -> delete();
                        case 3 -> range(revision);
                        default -> transaction(revision, depth - 1);
                    });
        }
        return branch;
    }

    private Compare compare(long revision) {
        return new Compare(
                keys(),
                any(Compare.Target.class),
                any(Compare.Relation.class),
                random.nextBoolean() ? random.nextInt(3) : nearby(revision),
                value());
    }

    private Operation.Put put() {
        boolean keepValue = random.nextInt(12) == 0;
        return new Operation.Put(
                key(),
                keepValue && random.nextInt(4) != 0 ? Bytes.EMPTY : value(),
                random.nextInt(40) == 0 ? 7 : 0,
                random.nextInt(3) == 0,
                keepValue,
                random.nextInt(12) == 0);
    }

    private Operation.Delete delete() {
        return new Operation.Delete(random.nextInt(3) == 0 ? keys() : KeyRange.single(key()), random.nextBoolean());
    }

    private KeyRange keys() {
        return switch (random.nextInt(6)) {
            case 0 -> KeyRange.all();
            case 1 -> KeyRange.from(key());
            case 2 -> KeyRange.prefix(key());
            case 3 -> KeyRange.between(key(), key());
            default -> KeyRange.single(key());
        };
    }

    private Bytes key() {
        byte[] key = new byte[random.nextInt(60) == 0 ? 0 : 1 + random.nextInt(keyBytes)];
        for (int i = 0; i < key.length; i++) {
            key[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return Bytes.wrap(key);
    }

    private Bytes value() {
        byte[] value = new byte[random.nextInt(4)];
        random.nextBytes(value);
        return Bytes.wrap(value);
    }

    private <E extends Enum<E>> E any(Class<E> type) {
        List<E> constants = new ArrayList<>(EnumSet.allOf(type));
        return constants.get(random.nextInt(constants.size()));
    }

    private long bound(long revision) {
        return random.nextInt(8) == 0 ? nearby(revision) : 0;
    }

    private long nearby(long revision) {
        return Math.max(-1, revision + 1 - random.nextInt(40));
    }
}
