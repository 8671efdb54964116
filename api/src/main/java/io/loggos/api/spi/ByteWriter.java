package io.loggos.api.spi;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the formats of this library: big-endian numbers, and bytes after their length. */
public final class ByteWriter {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] array;
    private int size;

    /** A writer with room for about so many bytes; it grows. */
    public ByteWriter(int sizeHint) {
        array = new byte[Math.max(16, sizeHint)];
    }

    public ByteWriter putByte(int value) {
        room(1);
        array[size++] = (byte) value;
        return this;
    }

    public ByteWriter putBoolean(boolean value) {
        return putByte(value ? 1 : 0);
    }

    public ByteWriter putInt(int value) {
        room(4);
        INT.set(array, size, value);
        size += 4;
        return this;
    }

    public ByteWriter putLong(long value) {
        room(8);
        LONG.set(array, size, value);
        size += 8;
        return this;
    }

    public ByteWriter putBallot(Ballot ballot) {
        return putLong(ballot.round()).putInt(ballot.node());
    }

    /** Bytes after their length in four. */
    public ByteWriter putBytes(Bytes bytes) {
        return putInt(bytes.size()).putRaw(bytes);
    }

    /** A text as UTF-8 after its length. */
    public ByteWriter putText(String text) {
        return putBytes(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Bytes without their length. */
    public ByteWriter putRaw(Bytes bytes) {
        room(bytes.size());
        System.arraycopy(bytes.backingArray(), bytes.backingOffset(), array, size, bytes.size());
        size += bytes.size();
        return this;
    }

    /** How much is written. */
    public int size() {
        return size;
    }

    /** What is written. The writer must not be used after this. */
    public Bytes toBytes() {
        return Bytes.wrap(array, 0, size);
    }

    private void room(int more) {
        if (array.length - size < more) {
            array = Arrays.copyOf(array, Math.max(Math.addExact(size, more), (int)
                    Math.min(array.length * 2L, Integer.MAX_VALUE - 8)));
        }
    }
}
