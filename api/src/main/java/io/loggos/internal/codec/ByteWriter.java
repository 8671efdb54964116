package io.loggos.internal.codec;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes this library's byte formats: big-endian numbers, and bytes after their length. */
public final class ByteWriter {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] array;
    private int size;

    /**
     * Creates a writer.
     *
     * @param sizeHint the expected size in bytes; the buffer grows if it is exceeded
     */
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

    /** Writes a number in seven bits a byte, the lowest first: one byte below 128, ten bytes if it is negative. */
    public ByteWriter putVarint(long value) {
        room(10);
        long left = value;
        while ((left & ~0x7FL) != 0) {
            array[size++] = (byte) ((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        array[size++] = (byte) left;
        return this;
    }

    /** Writes bytes after their length as {@link #putVarint}. */
    public ByteWriter putSizedBytes(Bytes bytes) {
        return putVarint(bytes.size()).putRaw(bytes);
    }

    public ByteWriter putBallot(Ballot ballot) {
        return putLong(ballot.round()).putInt(ballot.node());
    }

    /** Writes bytes after their length, which takes four bytes. */
    public ByteWriter putBytes(Bytes bytes) {
        return putInt(bytes.size()).putRaw(bytes);
    }

    /** Writes a text as UTF-8 after its length. */
    public ByteWriter putText(String text) {
        return putBytes(Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes bytes without their length. */
    public ByteWriter putRaw(Bytes bytes) {
        room(bytes.size());
        System.arraycopy(bytes.backingArray(), bytes.backingOffset(), array, size, bytes.size());
        size += bytes.size();
        return this;
    }

    /** The number of bytes written. */
    public int size() {
        return size;
    }

    /** Returns the bytes written. The writer must not be used afterwards. */
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
