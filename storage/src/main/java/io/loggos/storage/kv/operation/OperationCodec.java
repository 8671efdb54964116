package io.loggos.storage.kv.operation;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyRange;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Operation.SortOrder;
import io.loggos.api.kv.Operation.SortTarget;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;

/** The part of {@link KeyValueCodec} for operations. */
final class OperationCodec {
    static final int RANGE = 1;
    static final int PUT = 2;
    static final int DELETE = 3;
    static final int TRANSACTION = 4;
    static final int COMPACT = 5;

    private static final int OPEN_RANGE = 0;
    private static final int BOUNDED_RANGE = 1;
    private static final int SINGLE_KEY = 2;

    /** Smallest size of an encoded operation or comparison, in bytes. */
    private static final int LEAST_OPERATION_BYTES = 7;

    private static final int LEAST_COMPARE_BYTES = 19;

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
            writer.putByte(PUT)
                    .putBytes(put.key())
                    .putBytes(put.value())
                    .putLong(put.lease())
                    .putBoolean(put.previous())
                    .putBoolean(put.keepValue())
                    .putBoolean(put.keepLease());
        } else if (operation instanceof Operation.Range range) {
            writer.putByte(RANGE);
            writeRange(writer, range);
        } else if (operation instanceof Operation.Delete delete) {
            writer.putByte(DELETE);
            writeKeys(writer, delete.keys());
            writer.putBoolean(delete.previous());
        } else if (operation instanceof Operation.Transaction transaction) {
            if (depth == OperationChecks.MAX_DEPTH) {
                throw new KeyValueException(Reason.INVALID, "transactions are nested too deep");
            }
            writer.putByte(TRANSACTION).putInt(transaction.compares().size());
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
            case PUT ->
                new Operation.Put(
                        reader.getBytes(),
                        reader.getBytes(),
                        reader.getLong(),
                        reader.getBoolean(),
                        reader.getBoolean(),
                        reader.getBoolean());
            case DELETE -> new Operation.Delete(readKeys(reader), reader.getBoolean());
            case TRANSACTION -> readTransaction(reader, depth);
            case COMPACT -> new Operation.Compact(reader.getLong());
            default -> throw new MalformedException("an operation of the unknown kind " + kind);
        };
    }

    private static void writeBranch(ByteWriter writer, List<Operation> branch, int depth) {
        writer.putInt(branch.size());
        for (Operation operation : branch) {
            write(writer, operation, depth);
        }
    }

    private static Operation.Transaction readTransaction(ByteReader reader, int depth) {
        if (depth == OperationChecks.MAX_DEPTH) {
            throw new MalformedException("transactions are nested too deep");
        }
        int count = reader.getElementCount(LEAST_COMPARE_BYTES);
        List<Compare> compares = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            compares.add(new Compare(
                    readKeys(reader),
                    COMPARE_TARGETS.read(reader),
                    RELATIONS.read(reader),
                    reader.getLong(),
                    reader.getBytes()));
        }
        return new Operation.Transaction(compares, readBranch(reader, depth + 1), readBranch(reader, depth + 1));
    }

    private static List<Operation> readBranch(ByteReader reader, int depth) {
        int count = reader.getElementCount(LEAST_OPERATION_BYTES);
        List<Operation> branch = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            branch.add(read(reader, depth));
        }
        return branch;
    }

    private static void writeCompare(ByteWriter writer, Compare compare) {
        writeKeys(writer, compare.keys());
        writer.putByte(COMPARE_TARGETS.code(compare.target()))
                .putByte(RELATIONS.code(compare.relation()))
                .putLong(compare.number())
                .putBytes(compare.value());
    }

    private static void writeRange(ByteWriter writer, Operation.Range range) {
        writeKeys(writer, range.keys());
        writer.putLong(range.revision())
                .putLong(range.limit())
                .putByte(SORT_TARGETS.code(range.sortTarget()))
                .putByte(SORT_ORDERS.code(range.sortOrder()))
                .putBoolean(range.keysOnly())
                .putBoolean(range.countOnly())
                .putLong(range.minModRevision())
                .putLong(range.maxModRevision())
                .putLong(range.minCreateRevision())
                .putLong(range.maxCreateRevision());
    }

    private static Operation.Range readRange(ByteReader reader) {
        return new Operation.Range(
                readKeys(reader),
                reader.getLong(),
                reader.getLong(),
                SORT_TARGETS.read(reader),
                SORT_ORDERS.read(reader),
                reader.getBoolean(),
                reader.getBoolean(),
                reader.getLong(),
                reader.getLong(),
                reader.getLong(),
                reader.getLong());
    }

    private static void writeKeys(ByteWriter writer, KeyRange keys) {
        Bytes end = keys.end();
        if (end == null) {
            writer.putByte(OPEN_RANGE).putBytes(keys.first());
        } else if (keys.isSingle()) {
            writer.putByte(SINGLE_KEY).putBytes(keys.first());
        } else {
            writer.putByte(BOUNDED_RANGE).putBytes(keys.first()).putBytes(end);
        }
    }

    private static KeyRange readKeys(ByteReader reader) {
        int kind = reader.getByte();
        return switch (kind) {
            case OPEN_RANGE -> KeyRange.from(reader.getBytes());
            case BOUNDED_RANGE -> KeyRange.between(reader.getBytes(), reader.getBytes());
            case SINGLE_KEY -> KeyRange.single(reader.getBytes());
            default -> throw new MalformedException("a range of the unknown kind " + kind);
        };
    }
}
