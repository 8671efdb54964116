package io.loggos.benchmarks.systems.multicast;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Messages that name their sender and their number, from 0: sender (4 bytes), sequence (8), and the rest of the
 * payload. Each is an array of its own, because its sender keeps it until all have it.
 */
public final class NumberedMessage {
    /** Smallest size of a message. */
    public static final int LEAST_BYTES = Integer.BYTES + Long.BYTES;

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private NumberedMessage() {}

    /** Returns one message. */
    public static byte[] of(int sender, long sequence, int payloadBytes) {
        byte[] message = new byte[payloadBytes];
        INTS.set(message, 0, sender);
        LONGS.set(message, Integer.BYTES, sequence);
        return message;
    }

    /** Returns the sender of a message. */
    static int sender(byte[] array, int offset) {
        return (int) INTS.get(array, offset);
    }

    /** Returns the number of a message among those of its sender. */
    static long sequence(byte[] array, int offset) {
        return (long) LONGS.get(array, offset + Integer.BYTES);
    }
}
