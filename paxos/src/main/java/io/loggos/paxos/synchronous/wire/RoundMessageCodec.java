package io.loggos.paxos.synchronous.wire;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.synchronous.core.RoundMessage;
import java.util.TreeSet;

/**
 * Encodes messages of a run as bytes.
 *
 * <p>Layout, with sizes in bytes: version (1), run (8), round (4), number of values (4). Then each value follows its
 * length (4).
 */
public final class RoundMessageCodec {
    private static final int VERSION = 1;
    private static final int HEAD_BYTES = 1 + 8 + 4 + 4;

    /** A message with the number of its run. */
    public record Numbered(long run, RoundMessage message) {}

    private RoundMessageCodec() {}

    /** Encodes a message of a run. */
    public static Bytes encode(long run, RoundMessage message) {
        int size = HEAD_BYTES;
        for (Bytes value : message.values()) {
            size += Integer.BYTES + value.size();
        }
        ByteWriter writer = new ByteWriter(size)
                .putByte(VERSION)
                .putLong(run)
                .putInt(message.round())
                .putInt(message.values().size());
        message.values().forEach(writer::putBytes);
        return writer.toBytes();
    }

    /**
     * Decodes a message.
     *
     * @throws MalformedException if the bytes are no message
     */
    public static Numbered decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int version = reader.getByte();
        if (version != VERSION) {
            throw new MalformedException("message of version " + version);
        }
        long run = reader.getLong();
        int round = reader.getInt();
        if (round < 1) {
            throw new MalformedException("round " + round);
        }
        TreeSet<Bytes> values = new TreeSet<>();
        for (int left = reader.getElementCount(Integer.BYTES); left > 0; left--) {
            if (!values.add(reader.getBytes())) {
                throw new MalformedException("a value twice");
            }
        }
        reader.end();
        return new Numbered(run, new RoundMessage(round, values));
    }
}
