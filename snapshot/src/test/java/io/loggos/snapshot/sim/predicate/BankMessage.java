package io.loggos.snapshot.sim.predicate;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.ProtocolTag;

/**
 * Message of the simulated nodes to each other, beside the snapshots.
 *
 * @param id of which there is no second; 0 if this is only the first message of a generation
 * @param from the life of the sender, and the generation that it sends in
 * @param tokens that change hands
 * @param work that is left to the receiver
 */
public record BankMessage(long id, NodeId from, long life, long generation, int tokens, int work, int padding) {
    /** Tells a receiver whose generation begins. */
    public static BankMessage first(NodeId from, long life, long generation) {
        return new BankMessage(0, from, life, generation, 0, 0, 0);
    }

    public static boolean is(Bytes bytes) {
        return bytes.at(0) == ProtocolTag.PAXOS.code();
    }

    public boolean isFirst() {
        return id == 0;
    }

    public Bytes encode() {
        return new ByteWriter(48 + padding)
                .putByte(ProtocolTag.PAXOS.code())
                .putLong(id)
                .putInt(from.value())
                .putLong(life)
                .putLong(generation)
                .putInt(tokens)
                .putInt(work)
                .putRaw(Bytes.wrap(new byte[padding]))
                .toBytes();
    }

    public static BankMessage decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        reader.getByte();
        long id = reader.getLong();
        NodeId from = reader.getNode();
        return new BankMessage(
                id, from, reader.getLong(), reader.getLong(), reader.getInt(), reader.getInt(), reader.remaining());
    }
}
