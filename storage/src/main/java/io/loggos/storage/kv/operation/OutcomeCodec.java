package io.loggos.storage.kv.operation;

import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.Outcome;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.ArrayList;
import java.util.List;

/** The part of {@link KeyValueCodec} for outcomes. An outcome has the code of the operation that it answers. */
final class OutcomeCodec {
    private static final int LEAST_KEY_VALUE_BYTES = 40;
    private static final int LEAST_OUTCOME_BYTES = 9;

    private OutcomeCodec() {}

    static void write(ByteWriter writer, Outcome outcome) {
        if (outcome instanceof Outcome.Put put) {
            writer.putByte(OperationCodec.PUT).putLong(put.revision()).putBoolean(put.previous() != null);
            if (put.previous() != null) {
                writeKeyValue(writer, put.previous());
            }
        } else if (outcome instanceof Outcome.Range range) {
            writer.putByte(OperationCodec.RANGE).putLong(range.revision());
            writeKeyValues(writer, range.keyValues());
            writer.putBoolean(range.more()).putLong(range.count());
        } else if (outcome instanceof Outcome.Delete delete) {
            writer.putByte(OperationCodec.DELETE).putLong(delete.revision()).putLong(delete.deleted());
            writeKeyValues(writer, delete.previous());
        } else if (outcome instanceof Outcome.Transaction transaction) {
            writer.putByte(OperationCodec.TRANSACTION)
                    .putLong(transaction.revision())
                    .putBoolean(transaction.succeeded())
                    .putInt(transaction.outcomes().size());
            transaction.outcomes().forEach(each -> write(writer, each));
        } else {
            writer.putByte(OperationCodec.COMPACT).putLong(outcome.revision());
        }
    }

    static Outcome read(ByteReader reader, int kind, int depth) {
        return switch (kind) {
            case OperationCodec.RANGE ->
                new Outcome.Range(reader.getCount(), readKeyValues(reader), reader.getBoolean(), reader.getCount());
            case OperationCodec.PUT ->
                new Outcome.Put(reader.getCount(), reader.getBoolean() ? readKeyValue(reader) : null);
            case OperationCodec.DELETE ->
                new Outcome.Delete(reader.getCount(), reader.getCount(), readKeyValues(reader));
            case OperationCodec.TRANSACTION -> readTransaction(reader, depth);
            case OperationCodec.COMPACT -> new Outcome.Compact(reader.getCount());
            default -> throw new MalformedException("an outcome of the unknown kind " + kind);
        };
    }

    private static Outcome.Transaction readTransaction(ByteReader reader, int depth) {
        if (depth == OperationChecks.MAX_DEPTH) {
            throw new MalformedException("outcomes are nested too deep");
        }
        long revision = reader.getCount();
        boolean succeeded = reader.getBoolean();
        int count = reader.getElementCount(LEAST_OUTCOME_BYTES);
        List<Outcome> outcomes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            outcomes.add(read(reader, reader.getByte(), depth + 1));
        }
        return new Outcome.Transaction(revision, succeeded, outcomes);
    }

    private static void writeKeyValues(ByteWriter writer, List<KeyValue> keyValues) {
        writer.putInt(keyValues.size());
        keyValues.forEach(each -> writeKeyValue(writer, each));
    }

    private static List<KeyValue> readKeyValues(ByteReader reader) {
        int count = reader.getElementCount(LEAST_KEY_VALUE_BYTES);
        List<KeyValue> keyValues = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            keyValues.add(readKeyValue(reader));
        }
        return keyValues;
    }

    private static void writeKeyValue(ByteWriter writer, KeyValue keyValue) {
        writer.putBytes(keyValue.key())
                .putLong(keyValue.createRevision())
                .putLong(keyValue.modRevision())
                .putLong(keyValue.version())
                .putLong(keyValue.lease())
                .putBytes(keyValue.value());
    }

    private static KeyValue readKeyValue(ByteReader reader) {
        return new KeyValue(
                reader.getBytes(),
                reader.getCount(),
                reader.getCount(),
                reader.getCount(),
                reader.getLong(),
                reader.getBytes());
    }
}
