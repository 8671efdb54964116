package io.loggos.multicast.group.wire;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions.Agreement;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.ProtocolTag;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.Packet;
import java.util.List;

/**
 * Encodes and decodes messages of groups: channel (1), version (1), type (1), group (8), then the fields in the order
 * of the record.
 *
 * <p>A list of members follows its length in one byte, any other list its length in four. An optional field follows a
 * boolean.
 *
 * <p>The messages of a packet come last and are not copied: they are the body, the rest is the head.
 */
public final class GroupCodec {
    static final int VERSION = 1;

    // A value is written as its place in the list, which never changes.
    static final List<Ordering> ORDERINGS =
            List.of(Ordering.FIFO, Ordering.CAUSAL, Ordering.TOTAL, Ordering.FIFO_TOTAL, Ordering.CAUSAL_TOTAL);
    static final List<Delivery> DELIVERIES = List.of(Delivery.ON_RECEIPT, Delivery.SAFE);
    static final List<Packet.Content> CONTENTS =
            List.of(Packet.Content.MESSAGES, Packet.Content.REQUESTS, Packet.Content.ANSWERS);
    static final List<PartitionPolicy> POLICIES = List.of(PartitionPolicy.REFUSE, PartitionPolicy.CONTINUE);
    static final List<Agreement> AGREEMENTS = List.of(Agreement.MAJORITY, Agreement.LOG);

    static final int PACKET = 1;
    static final int JOIN = 2;
    static final int LEAVE = 3;
    static final int PRESENCE = 4;
    static final int REFUSED = 5;
    static final int RECEIVED = 6;
    static final int STABLE = 7;
    static final int SUSPECT = 8;
    static final int FLUSH = 9;
    static final int FLUSHED = 10;
    static final int TRIM = 11;
    static final int TRIMMED = 12;
    static final int INSTALL = 13;
    static final int AGREE = 14;
    static final int AGREED = 15;
    static final int ABSENT = 16;
    static final int RESTORED = 17;

    /** A message in two pieces, to be sent one after the other. */
    public record Encoded(Bytes head, Bytes body) {}

    private GroupCodec() {}

    /** The bytes of a message that {@code self} sends. */
    public static Encoded encode(NodeId self, GroupId group, GroupMessage message) {
        return new GroupWriter(group).write(self, message);
    }

    /**
     * Decodes a message. The messages of a packet share the bytes.
     *
     * @throws MalformedException if the bytes are not one
     */
    public static GroupEnvelope decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int channel = reader.getByte();
        int version = reader.getByte();
        if (channel != ProtocolTag.GROUP.code() || version != VERSION) {
            throw new MalformedException("message of channel " + channel + ", version " + version);
        }
        int type = reader.getByte();
        GroupId group = new GroupId(reader.getLong());
        GroupMessage message = new GroupReader(reader).read(type);
        reader.end();
        return new GroupEnvelope(group, message);
    }
}
