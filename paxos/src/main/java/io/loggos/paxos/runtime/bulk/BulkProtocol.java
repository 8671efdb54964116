package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.zip.CRC32C;

/**
 * The requests between nodes outside of the links, which transfer a checkpoint or a part of a snapshot.
 *
 * <p>A node first asks for the description of a checkpoint and then for its files, chunk by chunk. Every request for a
 * chunk names the checkpoint or snapshot. Every answer carries a CRC32C over the request and the content, so a chunk of
 * something else is never taken (RULES.md C-4).
 */
final class BulkProtocol {
    static final int CHUNK_BYTES = 256 << 10;

    private static final int VERSION = 2;

    /** The requests. */
    sealed interface Request {}

    /** A request for a piece of something. The answer has the piece as a whole. */
    sealed interface Piece extends Request {
        int length();
    }

    /**
     * A request for the manifest of a checkpoint at this slot or later.
     *
     * @param receiver the asking node
     * @param begun the hash of the checkpoint of which the receiver has a part, or empty bytes
     */
    record WhichCheckpoint(LogId log, NodeId receiver, long leastSlot, Bytes begun) implements Request {}

    /** A request for a part of a file of a checkpoint. */
    record Chunk(LogId log, NodeId receiver, Bytes checkpointHash, String file, long offset, int length)
            implements Piece {}

    /**
     * The news that a node has all of a checkpoint. The answer is empty.
     *
     * @param sound true if all files match their hashes there
     */
    record Ended(LogId log, NodeId receiver, Bytes checkpointHash, boolean sound) implements Request {}

    /** A request for a piece of the record of the asked node's part in a snapshot. */
    record SnapshotRecord(SnapshotId snapshot, long offset, int length) implements Piece {}

    /** A request for the manifest of a replica's state on the asked node in a complete snapshot. */
    record SnapshotState(SnapshotId snapshot, LogId log) implements Request {}

    /** A request for a piece of a file of such a state. */
    record SnapshotChunk(SnapshotId snapshot, LogId log, String file, long offset, int length) implements Piece {}

    private BulkProtocol() {}

    static Bytes encode(Request request) {
        ByteWriter writer = new ByteWriter(128).putByte(VERSION);
        if (request instanceof Chunk chunk) {
            writer.putByte(2)
                    .putLong(chunk.log.value())
                    .putInt(chunk.receiver.value())
                    .putBytes(chunk.checkpointHash)
                    .putText(chunk.file)
                    .putLong(chunk.offset)
                    .putInt(chunk.length);
        } else if (request instanceof WhichCheckpoint which) {
            writer.putByte(1)
                    .putLong(which.log.value())
                    .putInt(which.receiver.value())
                    .putLong(which.leastSlot)
                    .putBytes(which.begun);
        } else if (request instanceof Ended ended) {
            writer.putByte(6)
                    .putLong(ended.log.value())
                    .putInt(ended.receiver.value())
                    .putBytes(ended.checkpointHash)
                    .putByte(ended.sound ? 1 : 0);
        } else if (request instanceof SnapshotRecord record) {
            writer.putByte(3)
                    .putText(record.snapshot.toString())
                    .putLong(record.offset)
                    .putInt(record.length);
        } else if (request instanceof SnapshotState state) {
            writer.putByte(4).putText(state.snapshot.toString()).putLong(state.log.value());
        } else if (request instanceof SnapshotChunk chunk) {
            writer.putByte(5)
                    .putText(chunk.snapshot.toString())
                    .putLong(chunk.log.value())
                    .putText(chunk.file)
                    .putLong(chunk.offset)
                    .putInt(chunk.length);
        }
        return writer.toBytes();
    }

    static Request decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int version = reader.getByte();
        int type = reader.getByte();
        if (version != VERSION) {
            throw new MalformedException("request of version " + version);
        }
        Request request = decode(type, reader);
        reader.end();
        return request;
    }

    private static Request decode(int type, ByteReader in) {
        return switch (type) {
            case 1 -> new WhichCheckpoint(log(in), node(in), in.getCount(), in.getBytes());
            case 2 -> new Chunk(log(in), node(in), in.getBytes(), in.getText(), in.getCount(), in.getInt());
            case 3 -> new SnapshotRecord(snapshot(in), in.getCount(), in.getInt());
            case 4 -> new SnapshotState(snapshot(in), log(in));
            case 5 -> new SnapshotChunk(snapshot(in), log(in), in.getText(), in.getCount(), in.getInt());
            case 6 -> new Ended(log(in), node(in), in.getBytes(), flag(in));
            default -> throw new MalformedException("request of type " + type);
        };
    }

    private static LogId log(ByteReader in) {
        return new LogId(in.getLong());
    }

    private static NodeId node(ByteReader in) {
        try {
            return NodeId.of(in.getInt());
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }

    private static boolean flag(ByteReader in) {
        int flag = in.getByte();
        if (flag != 0 && flag != 1) {
            throw new MalformedException("flag of value " + flag);
        }
        return flag == 1;
    }

    private static SnapshotId snapshot(ByteReader in) {
        try {
            return SnapshotId.parse(in.getText());
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }

    /** Encodes the answer to a request for a piece. */
    static Bytes answer(Piece request, Bytes content) {
        return new ByteWriter(4 + content.size())
                .putInt(checksum(request, content))
                .putRaw(content)
                .toBytes();
    }

    /**
     * Decodes the content of an answer.
     *
     * @throws MalformedException if the answer does not belong to the request
     */
    static Bytes content(Piece request, Bytes answer) {
        ByteReader reader = new ByteReader(answer);
        int checksum = reader.getInt();
        Bytes content = reader.getRest();
        if (checksum != checksum(request, content) || content.size() != request.length()) {
            throw new MalformedException("a chunk that is not the one that was asked for");
        }
        return content;
    }

    private static int checksum(Piece request, Bytes content) {
        CRC32C crc = new CRC32C();
        crc.update(encode(request).asByteBuffer());
        crc.update(content.backingArray(), content.backingOffset(), content.size());
        return (int) crc.getValue();
    }
}
