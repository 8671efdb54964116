package io.loggos.storage.kv.operation;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of {@link KeyValueCodec} for operations. Parts that are empty or 0 are left out, and numbers are varints. So
 * no operation takes more bytes than it does in the protocol buffers of etcd, and one limit fits both.
 */
final class OperationCodec {
    static final int RANGE = 1;
    static final int PUT = 2;
    static final int DELETE = 3;
    static final int TRANSACTION = 4;
    static final int COMPACT = 5;

    private static final int OPEN_RANGE = 0;
    private static final int BOUNDED_RANGE = 1;
    private static final int SINGLE_KEY = 2;

    /** The part of the flags that is the kind of a range. */
    private static final int KEY_KIND = 3;

    private static final int DELETE_PREVIOUS = 1 << 2;

    // Flags of a put or a comparison. Those of a comparison begin with the kind of its range.
    private static final int HAS_VALUE = 1 << 2;
    private static final int HAS_NUMBER = 1 << 5;
    private static final int PREVIOUS = 1 << 3;
    private static final int KEEP_VALUE = 1 << 4;
    private static final int KEEP_LEASE = 1;

    // Flags of a read, behind the kind of its range.
    private static final int KEYS_ONLY = 1 << 2;
    private static final int COUNT_ONLY = 1 << 3;
    private static final int SORT_ORDER_SHIFT = 4;
    private static final int SORT_TARGET = 1 << 6;

    /** Smallest size of an encoded operation or comparison, in bytes. */
    private static final int LEAST_BYTES = 3;

    private static final WireCodes<SortTarget> SORT_TARGETS = new WireCodes<>(
            SortTarget.class,
            List.of(
                    SortTarget.KEY,
                    SortTarget.VERSION,
                    SortTarget.CREATE_REVISION,
                    SortTarget.MOD_REVISION,
                    SortTarget.VALUE));
    private static final WireCodes<SortOrder> SORT_ORDERS =
            new WireCodes<>(SortOrder.class, List.of(SortOrder.NONE, SortOrder.ASCENDING, SortOrder.DESCENDING));
    private static final WireCodes<Compare.Target> COMPARE_TARGETS = new WireCodes<>(
            Compare.Target.class,
            List.of(
                    Compare.Target.VERSION,
                    Compare.Target.CREATE_REVISION,
                    Compare.Target.MOD_REVISION,
                    Compare.Target.VALUE,
                    Compare.Target.LEASE));
    private static final WireCodes<Compare.Relation> RELATIONS = new WireCodes<>(
            Compare.Relation.class,
            List.of(
                    Compare.Relation.EQUAL,
                    Compare.Relation.GREATER,
                    Compare.Relation.LESS,
                    Compare.Relation.NOT_EQUAL));

    private OperationCodec() {}

    static int sizeHint(Operation operation) {
        return operation instanceof Operation.Put put
                ? 32 + put.key().size() + put.value().size()
                : 128;
    }

    static void write(ByteWriter writer, Operation operation, int depth) {
        if (operation instanceof Operation.Put put) {
            writePut(writer.putByte(PUT), put);
        } else if (operation instanceof Operation.Range range) {
            writeRange(writer.putByte(RANGE), range);
        } else if (operation instanceof Operation.Delete delete) {
            writer.putByte(DELETE).putByte(kindOf(delete.keys()) | flag(delete.previous(), DELETE_PREVIOUS));
            writeKeys(writer, delete.keys());
        } else if (operation instanceof Operation.Transaction transaction) {
            if (depth == OperationChecks.MAX_DEPTH) {
                throw new KeyValueException(Reason.INVALID, "transactions are nested too deep");
            }
            writer.putByte(TRANSACTION).putVarint(transaction.compares().size());
            transaction.compares().forEach(compare -> writeCompare(writer, compare));
            writeBranch(writer, transaction.then(), depth + 1);
            writeBranch(writer, transaction.otherwise(), depth + 1);
        } else {
            writer.putByte(COMPACT).putLong(((Operation.Compact) operation).revision());
        }
    }

    static Operation read(ByteReader reader, int depth) {
        int kind = reader.getByte();
        return switch (kind) {
            case RANGE -> readRange(reader);
            case PUT -> readPut(reader);
            case DELETE -> {
                int flags = flags(reader, DELETE_PREVIOUS << 1);
                yield new Operation.Delete(readKeys(reader, flags), isSet(flags, DELETE_PREVIOUS));
            }
            case TRANSACTION -> readTransaction(reader, depth);
            case COMPACT -> new Operation.Compact(reader.getLong());
            default -> throw new MalformedException("an operation of the unknown kind " + kind);
        };
    }

    private static void writePut(ByteWriter writer, Operation.Put put) {
        writer.putByte(flag(put.previous(), PREVIOUS)
                        | flag(put.keepValue(), KEEP_VALUE)
                        | flag(put.keepLease(), KEEP_LEASE)
                        | flag(!put.value().isEmpty(), HAS_VALUE)
                        | flag(put.lease() != 0, HAS_NUMBER))
                .putSizedBytes(put.key());
        if (!put.value().isEmpty()) {
            writer.putSizedBytes(put.value());
        }
        if (put.lease() != 0) {
            writer.putVarint(put.lease());
        }
    }

    private static Operation.Put readPut(ByteReader reader) {
        int flags = flags(reader, HAS_NUMBER << 1);
        return new Operation.Put(
                reader.getSizedBytes(),
                isSet(flags, HAS_VALUE) ? reader.getSizedBytes() : Bytes.EMPTY,
                isSet(flags, HAS_NUMBER) ? reader.getVarint() : 0,
                isSet(flags, PREVIOUS),
                isSet(flags, KEEP_VALUE),
                isSet(flags, KEEP_LEASE));
    }

    private static void writeBranch(ByteWriter writer, List<Operation> branch, int depth) {
        writer.putVarint(branch.size());
        for (Operation operation : branch) {
            write(writer, operation, depth);
        }
    }

    private static Operation.Transaction readTransaction(ByteReader reader, int depth) {
        if (depth == OperationChecks.MAX_DEPTH) {
            throw new MalformedException("transactions are nested too deep");
        }
        int count = reader.getVarintCount(LEAST_BYTES);
        List<Compare> compares = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            compares.add(readCompare(reader));
        }
        return new Operation.Transaction(compares, readBranch(reader, depth + 1), readBranch(reader, depth + 1));
    }

    private static List<Operation> readBranch(ByteReader reader, int depth) {
        int count = reader.getVarintCount(LEAST_BYTES);
        List<Operation> branch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            branch.add(read(reader, depth));
        }
        return branch;
    }

    private static void writeCompare(ByteWriter writer, Compare compare) {
        writer.putByte((COMPARE_TARGETS.code(compare.target()) << 2) | RELATIONS.code(compare.relation()))
                .putByte(kindOf(compare.keys())
                        | flag(!compare.value().isEmpty(), HAS_VALUE)
                        | flag(compare.number() != 0, HAS_NUMBER));
        writeKeys(writer, compare.keys());
        if (compare.number() != 0) {
            writer.putVarint(compare.number());
        }
        if (!compare.value().isEmpty()) {
            writer.putSizedBytes(compare.value());
        }
    }

    private static Compare readCompare(ByteReader reader) {
        int what = reader.getByte();
        int flags = flags(reader, HAS_NUMBER << 1);
        return new Compare(
                readKeys(reader, flags),
                COMPARE_TARGETS.of(what >> 2),
                RELATIONS.of(what & 3),
                isSet(flags, HAS_NUMBER) ? reader.getVarint() : 0,
                isSet(flags, HAS_VALUE) ? reader.getSizedBytes() : Bytes.EMPTY);
    }

    private static void writeRange(ByteWriter writer, Operation.Range range) {
        long[] numbers = {
            range.revision(),
            range.limit(),
            range.minModRevision(),
            range.maxModRevision(),
            range.minCreateRevision(),
            range.maxCreateRevision()
        };
        int present = 0;
        for (int i = 0; i < numbers.length; i++) {
            present |= flag(numbers[i] != 0, 1 << i);
        }
        writer.putByte(kindOf(range.keys())
                        | flag(range.keysOnly(), KEYS_ONLY)
                        | flag(range.countOnly(), COUNT_ONLY)
                        | (SORT_ORDERS.code(range.sortOrder()) << SORT_ORDER_SHIFT)
                        | flag(range.sortTarget() != SortTarget.KEY, SORT_TARGET))
                .putByte(present);
        if (range.sortTarget() != SortTarget.KEY) {
            writer.putByte(SORT_TARGETS.code(range.sortTarget()));
        }
        writeKeys(writer, range.keys());
        for (long number : numbers) {
            if (number != 0) {
                writer.putVarint(number);
            }
        }
    }

    private static Operation.Range readRange(ByteReader reader) {
        int flags = reader.getByte();
        int present = reader.getByte();
        SortTarget target = isSet(flags, SORT_TARGET) ? SORT_TARGETS.read(reader) : SortTarget.KEY;
        KeyRange keys = readKeys(reader, flags);
        long[] numbers = new long[6];
        if (present >> numbers.length != 0) {
            throw new MalformedException("a read with the unknown parts " + present);
        }
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = isSet(present, 1 << i) ? reader.getVarint() : 0;
        }
        return new Operation.Range(
                keys,
                numbers[0],
                numbers[1],
                target,
                SORT_ORDERS.of((flags >> SORT_ORDER_SHIFT) & 3),
                isSet(flags, KEYS_ONLY),
                isSet(flags, COUNT_ONLY),
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5]);
    }

    private static int kindOf(KeyRange keys) {
        return keys.end() == null ? OPEN_RANGE : keys.isSingle() ? SINGLE_KEY : BOUNDED_RANGE;
    }

    private static void writeKeys(ByteWriter writer, KeyRange keys) {
        writer.putSizedBytes(keys.first());
        Bytes end = keys.end();
        if (end != null && !keys.isSingle()) {
            writer.putSizedBytes(end);
        }
    }

    /** Reads a range, whose kind is in the lowest bits of the flags. */
    private static KeyRange readKeys(ByteReader reader, int flags) {
        return switch (flags & KEY_KIND) {
            case OPEN_RANGE -> KeyRange.from(reader.getSizedBytes());
            case BOUNDED_RANGE -> KeyRange.between(reader.getSizedBytes(), reader.getSizedBytes());
            case SINGLE_KEY -> KeyRange.single(reader.getSizedBytes());
            default -> throw new MalformedException("a range of an unknown kind");
        };
    }

    private static int flag(boolean set, int bit) {
        return set ? bit : 0;
    }

    private static boolean isSet(int flags, int bit) {
        return (flags & bit) != 0;
    }

    /** Reads a byte of flags, which is below a bound. */
    private static int flags(ByteReader reader, int bound) {
        int flags = reader.getByte();
        if (flags >= bound) {
            throw new MalformedException("unknown flags " + flags);
        }
        return flags;
    }
}
