package io.loggos.snapshot.wire;

import io.loggos.api.Bytes;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;

/** Encodes and decodes the record of one node's part of a snapshot: a version, then the {@link NodeCut}. */
public final class NodeCutCodec {
    private static final int VERSION = 2;

    private NodeCutCodec() {}

    /**
     * Encodes a record.
     *
     * @throws IllegalArgumentException if its links are not what their keys say
     */
    public static Bytes encode(NodeCut cut) {
        long channels = cut.links().values().stream()
                .map(LinkCut::channel)
                .mapToLong(
                        channel -> channel.sizeBytes() + 4L * channel.messages().size())
                .sum();
        ByteWriter out = new ByteWriter((int) Math.min(Integer.MAX_VALUE / 2, 1024 + channels)).putByte(VERSION);
        new CutWriter(out).put(cut);
        return out.toBytes();
    }

    /**
     * Decodes a record.
     *
     * @throws MalformedException if the bytes are none
     */
    public static NodeCut decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int version = reader.getByte();
        if (version != VERSION) {
            throw new MalformedException("the record of a part of version " + version);
        }
        NodeCut cut = new CutReader(reader).nodeCut();
        reader.end();
        return cut;
    }
}
