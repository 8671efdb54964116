package io.loggos.internal.codec;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the output of {@link ByteWriter} from a source that may not be trusted.
 *
 * <p>Every impossible value raises a {@link MalformedException}. A length that exceeds the remaining bytes is refused
 * before anything is allocated for it.
 */
public final class ByteReader {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Bytes bytes;
    private final byte[] array;
    private final int end;
    private int position;

    public ByteReader(Bytes bytes) {
        this.bytes = bytes;
        this.array = bytes.backingArray();
        this.position = bytes.backingOffset();
        this.end = position + bytes.size();
    }

    /**
     * Returns a reader of what follows the format version, which is the first byte.
     *
     * @throws MalformedException if it is another version
     */
    public static ByteReader ofVersion(int known, Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int version = reader.getByte();
        if (version != known) {
            throw new MalformedException("format version " + version + ", known is " + known);
        }
        return reader;
    }

    public int getByte() {
        need(1);
        return array[position++] & 0xFF;
    }

    public boolean getBoolean() {
        int value = getByte();
        if (value > 1) {
            throw new MalformedException("not a boolean: " + value);
        }
        return value == 1;
    }

    public int getInt() {
        need(4);
        int value = (int) INT.get(array, position);
        position += 4;
        return value;
    }

    public long getLong() {
        need(8);
        long value = (long) LONG.get(array, position);
        position += 8;
        return value;
    }

    /** Reads a count, which is not negative. */
    public long getCount() {
        long value = getLong();
        if (value < 0) {
            throw new MalformedException("negative: " + value);
        }
        return value;
    }

    /** Reads a number that {@link ByteWriter#putVarint} wrote. */
    public long getVarint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = getByte();
            if (shift == 63 && next > 1) {
                break;
            }
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new MalformedException("a number of more than 64 bits");
    }

    /** Reads bytes that {@link ByteWriter#putSizedBytes} wrote. The result shares the bytes of the input. */
    public Bytes getSizedBytes() {
        long length = getVarint();
        if (length < 0 || length > remaining()) {
            throw new MalformedException("more bytes than there are: " + length);
        }
        return getRaw((int) length);
    }

    /** Reads a number of elements, written as varint, and checks it against the remaining bytes. */
    public int getVarintCount(int leastBytesEach) {
        long count = getVarint();
        if (count < 0 || count > remaining() / Math.max(1, leastBytesEach)) {
            throw new MalformedException("more elements than bytes: " + count);
        }
        return (int) count;
    }

    public Ballot getBallot() {
        long round = getLong();
        int node = getInt();
        if (round < 0 || node < 0 || node > NodeId.MAX || (round == 0) != (node == 0)) {
            throw new MalformedException("not a ballot: " + round + "." + node);
        }
        return new Ballot(round, node);
    }

    public NodeId getNode() {
        int value = getInt();
        if (value < 1 || value > NodeId.MAX) {
            throw new MalformedException("not a node id: " + value);
        }
        return NodeId.of(value);
    }

    /** Reads bytes after their length. The result shares the bytes of the input. */
    public Bytes getBytes() {
        return getRaw(getInt());
    }

    public String getText() {
        return getBytes().toUtf8();
    }

    /** Reads bytes without a length. The result shares the bytes of the input. */
    public Bytes getRaw(int length) {
        if (length < 0) {
            throw new MalformedException("negative length: " + length);
        }
        need(length);
        Bytes value = bytes.slice(position - bytes.backingOffset(), length);
        position += length;
        return value;
    }

    /** Skips bytes. */
    public void skip(int length) {
        if (length < 0) {
            throw new MalformedException("negative length: " + length);
        }
        need(length);
        position += length;
    }

    /** Reads all remaining bytes. */
    public Bytes getRest() {
        return getRaw(remaining());
    }

    /**
     * Reads a number of elements and checks it against the remaining bytes.
     *
     * @param leastBytesEach the least size of an element
     */
    public int getElementCount(int leastBytesEach) {
        int count = getInt();
        if (count < 0 || count > remaining() / Math.max(1, leastBytesEach)) {
            throw new MalformedException("more elements than bytes: " + count);
        }
        return count;
    }

    public int remaining() {
        return end - position;
    }

    /** Checks that no bytes remain. */
    public void end() {
        if (remaining() != 0) {
            throw new MalformedException(remaining() + " bytes too many");
        }
    }

    private void need(int length) {
        if (end - position < length) {
            throw new MalformedException("ends " + (length - (end - position)) + " bytes too early");
        }
    }
}
