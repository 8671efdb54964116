package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.spi.ByteReader;
import io.loggos.api.spi.ByteWriter;
import io.loggos.api.spi.MalformedException;
import java.util.List;

/**
 * The form of operations and answers in the log. First a byte for the version of the format, then one for the
 * kind, then the parts in order; numbers big-endian, bytes after their length, lists after their size. What a byte
 * stands for is in the log of every cluster, so the lists of codes only ever grow at their ends. Reading believes
 * nothing: it gives a value or a {@link MalformedException}.
 */
public final class KeyValueCodec {
    private static final int VERSION = 1;
    /** In place of the kind of an outcome: the operation was refused. */
    private static final int REFUSED = 0xFF;

    private static final WireCodes<Reason> REASONS = new WireCodes<>(
            Reason.class,
            List.of(
                    Reason.COMPACTED,
                    Reason.FUTURE_REVISION,
                    Reason.KEY_NOT_FOUND,
                    Reason.DUPLICATE_KEY,
                    Reason.EMPTY_KEY,
                    Reason.TOO_MANY_OPERATIONS,
                    Reason.LEASE_NOT_FOUND,
                    Reason.INVALID));

    private KeyValueCodec() {}

    /**
     * Writes an operation.
     *
     * @throws KeyValueException if transactions are nested too deep in it
     */
    public static Bytes encode(Operation operation) {
        ByteWriter writer = new ByteWriter(OperationCodec.sizeHint(operation)).putByte(VERSION);
        OperationCodec.write(writer, operation, 0);
        return writer.toBytes();
    }

    /**
     * Reads an operation. What it says may still be refused when it is applied.
     *
     * @throws MalformedException if it is none
     */
    public static Operation decodeOperation(Bytes bytes) {
        ByteReader reader = begin(bytes);
        Operation operation = OperationCodec.read(reader, 0);
        reader.end();
        return operation;
    }

    /** Writes an outcome. */
    public static Bytes encode(Outcome outcome) {
        ByteWriter writer = new ByteWriter(64).putByte(VERSION);
        OutcomeCodec.write(writer, outcome);
        return writer.toBytes();
    }

    /** Writes a refusal. */
    public static Bytes encode(KeyValueException refusal) {
        String message = refusal.getMessage();
        return new ByteWriter(64)
                .putByte(VERSION)
                .putByte(REFUSED)
                .putByte(REASONS.code(refusal.reason()))
                .putText(message == null ? "" : message)
                .toBytes();
    }

    /**
     * Reads what a state machine answered.
     *
     * @throws KeyValueException if that is what it answered
     * @throws MalformedException if it is neither an outcome nor a refusal
     */
    public static Outcome decodeAnswer(Bytes bytes) {
        ByteReader reader = begin(bytes);
        int kind = reader.getByte();
        if (kind == REFUSED) {
            Reason reason = REASONS.read(reader);
            String message = reader.getText();
            reader.end();
            throw new KeyValueException(reason, message);
        }
        Outcome outcome = OutcomeCodec.read(reader, kind, 0);
        reader.end();
        return outcome;
    }

    private static ByteReader begin(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int version = reader.getByte();
        if (version != VERSION) {
            throw new MalformedException("format version " + version + ", known is " + VERSION);
        }
        return reader;
    }
}
