package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueException.Reason;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * The cost of an operation: the keys it has visited and the bytes it has answered, against their limits. One request can therefore neither fill the heap
 * nor keep a thread busy for long.
 *
 * <p>The limits of a command are constants, since all replicas must decide alike. Those of a read are this node's.
 */
final class Cost {
    /** Number of keys that a command may visit. */
    static final long COMMAND_ROWS = 1_000_000;
    /** Bytes of keys and values that a command may load to answer. */
    static final long COMMAND_BYTES = 16L << 20;
    /** Number of keys that a read may visit. */
    private static final long READ_ROWS = 100_000_000;
    /** Bytes of memory that a key in an answer takes besides its key and value. */
    static final int KEY_OVERHEAD_BYTES = 96;

    private static final int ROWS_BETWEEN_LOOKS = 1024;

    private final Reason reason;
    private final long mostRows;
    private final long mostBytes;
    private final BooleanSupplier abandoned;
    private long rows;
    private long bytes;
    private long nextLook = ROWS_BETWEEN_LOOKS;

    private Cost(Reason reason, long mostRows, long mostBytes, BooleanSupplier abandoned) {
        this.reason = reason;
        this.mostRows = mostRows;
        this.mostBytes = mostBytes;
        this.abandoned = abandoned;
    }

    /** Returns the cost of a command that begins. */
    static Cost ofCommand() {
        return new Cost(Reason.OPERATION_TOO_LARGE, COMMAND_ROWS, COMMAND_BYTES, () -> false);
    }

    /** Returns a cost without limits, for what was checked before. */
    static Cost unlimited() {
        return new Cost(Reason.OPERATION_TOO_LARGE, Long.MAX_VALUE - 1, Long.MAX_VALUE, () -> false);
    }

    /**
     * Returns the cost of a read that begins.
     *
     * @param abandoned true once nobody waits for the answer
     */
    static Cost ofRead(long mostBytes, BooleanSupplier abandoned) {
        return new Cost(Reason.ANSWER_TOO_LARGE, READ_ROWS, mostBytes, abandoned);
    }

    /**
     * Adds visited keys.
     *
     * @throws KeyValueException if they are too many
     * @throws CancellationException if nobody waits any more
     */
    void visited(long more) {
        rows += more;
        if (rows > mostRows) {
            throw new KeyValueException(reason, "the operation visits more than " + mostRows + " keys");
        }
        if (rows >= nextLook) {
            nextLook = rows + ROWS_BETWEEN_LOOKS;
            if (abandoned.getAsBoolean()) {
                throw new CancellationException("nobody waits for the answer");
            }
        }
    }

    /**
     * Adds a key of the answer with its value.
     *
     * @throws KeyValueException if the answer becomes too large
     */
    void answers(Bytes key, long valueBytes) {
        add(KEY_OVERHEAD_BYTES + key.size() + valueBytes);
    }

    /** Returns the bytes of the answer so far. */
    long bytes() {
        return bytes;
    }

    /** Adds bytes of the answer. */
    void add(long more) {
        bytes += more;
        if (bytes > mostBytes) {
            throw new KeyValueException(
                    reason,
                    "the answer has more than " + mostBytes
                            + " bytes; read it in parts, with a limit or in smaller ranges");
        }
    }
}
