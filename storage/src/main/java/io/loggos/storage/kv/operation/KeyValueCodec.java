package io.loggos.storage.kv.operation;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.List;

/**
 * The encoding of operations and answers in the log. First comes one byte for the version of the format, then one byte
 * for the kind, then the parts in order. Bytes follow their length, lists follow their size. In answers, numbers are
 * big-endian.
 * The codes stand in the log of every cluster, so new codes are only ever added at the end of a list. Decoding trusts
 * nothing: it returns a value or throws a {@link MalformedException}.
 */
public final class KeyValueCodec {
    private static final int OPERATION_VERSION = 2;

    private static final int VERSION = 1;
    /** Stands in place of the kind of an outcome if the operation was refused. */
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
                    Reason.INVALID,
                    Reason.OPERATION_TOO_LARGE,
                    Reason.ANSWER_TOO_LARGE,
                    Reason.LEASE_EXISTS,
                    Reason.LEASE_TTL_TOO_LARGE,
                    Reason.NO_SPACE,
                    Reason.CORRUPT));

    private KeyValueCodec() {}

    /**
     * Encodes an operation.
     *
     * @throws KeyValueException if its transactions are nested too deep
     */
    public static Bytes encode(Operation operation) {
        ByteWriter writer = new ByteWriter(OperationCodec.sizeHint(operation)).putByte(OPERATION_VERSION);
        OperationCodec.write(writer, operation, 0);
        return writer.toBytes();
    }

    /**
     * Decodes an operation. It may still be refused when it is applied.
     *
     * @throws MalformedException if the bytes are not an operation
     */
    public static Operation decodeOperation(Bytes bytes) {
        ByteReader reader = ByteReader.ofVersion(OPERATION_VERSION, bytes);
        Operation operation = OperationCodec.read(reader, 0);
        reader.end();
        return operation;
    }

    /** Encodes an outcome. */
    public static Bytes encode(Outcome outcome) {
        ByteWriter writer = new ByteWriter(64).putByte(VERSION);
        OutcomeCodec.write(writer, outcome);
        return writer.toBytes();
    }

    /** Encodes a refusal. */
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
     * Decodes the answer of a state machine.
     *
     * @throws KeyValueException if the answer is a refusal
     * @throws MalformedException if the bytes are neither an outcome nor a refusal
     */
    public static Outcome decodeAnswer(Bytes bytes) {
        ByteReader reader = ByteReader.ofVersion(VERSION, bytes);
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
}
