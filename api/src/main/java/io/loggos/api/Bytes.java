package io.loggos.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * An immutable sequence of bytes.
 *
 * <p>Sequences are ordered lexicographically, as unsigned bytes. A slice shares the bytes of the sequence that it was
 * cut from. Safe for use by any thread.
 */
public final class Bytes implements Comparable<Bytes> {
    /** The empty sequence. */
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int size;

    private Bytes(byte[] array, int offset, int size) {
        this.array = array;
        this.offset = offset;
        this.size = size;
    }

    /** Wraps an array without copying it. The caller must not change the array afterwards. */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
    }

    /**
     * Wraps a part of an array without copying it. The caller must not change the array afterwards.
     *
     * @throws IndexOutOfBoundsException if the array has no such part
     */
    public static Bytes wrap(byte[] array, int offset, int size) {
        if (offset < 0 || size < 0 || offset > array.length - size) {
            throw new IndexOutOfBoundsException(offset + "+" + size + " of " + array.length);
        }
        return size == 0 ? EMPTY : new Bytes(array, offset, size);
    }

    /** Copies an array. */
    public static Bytes copyOf(byte[] array) {
        return wrap(array.clone());
    }

    /** Encodes a text as UTF-8. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The number of bytes. */
    public int size() {
        return size;
    }

    /** Tells if there are no bytes. */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * Returns the byte at a position, counted from 0.
     *
     * @throws IndexOutOfBoundsException if there is no such position
     */
    public byte at(int position) {
        if (position < 0 || position >= size) {
            throw new IndexOutOfBoundsException(position + " of " + size);
        }
        return array[offset + position];
    }

    /**
     * Returns a part, which shares these bytes.
     *
     * @throws IndexOutOfBoundsException if there is no such part
     */
    public Bytes slice(int from, int length) {
        if (from < 0 || length < 0 || from > size - length) {
            throw new IndexOutOfBoundsException(from + "+" + length + " of " + size);
        }
        return wrap(array, offset + from, length);
    }

    /** Tells if these bytes begin with all of {@code prefix}. */
    public boolean startsWith(Bytes prefix) {
        return size >= prefix.size
                && Arrays.equals(
                        array, offset, offset + prefix.size, prefix.array, prefix.offset, prefix.offset + prefix.size);
    }

    /** Returns a copy as an array. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, offset, offset + size);
    }

    /** Returns a read-only view. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(array, offset, size).slice().asReadOnlyBuffer();
    }

    /** The array that holds these bytes, for code that copies them elsewhere. It must not be changed. */
    public byte[] backingArray() {
        return array;
    }

    /** The position of the first of these bytes in {@link #backingArray}. */
    public int backingOffset() {
        return offset;
    }

    /** Decodes these bytes as UTF-8. Malformed parts become the replacement character. */
    public String toUtf8() {
        return new String(array, offset, size, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(
                array, offset, offset + size, other.array, other.offset, other.offset + other.size);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && size == that.size
                && Arrays.equals(array, offset, offset + size, that.array, that.offset, that.offset + that.size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + size; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** Returns the first 16 bytes in hexadecimal, and the size if there are more. */
    @Override
    public String toString() {
        int shown = Math.min(size, 16);
        String hex = HexFormat.of().formatHex(array, offset, offset + shown);
        return size > shown ? hex + "…(" + size + ")" : hex;
    }
}
