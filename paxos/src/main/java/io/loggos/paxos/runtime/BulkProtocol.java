package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.spi.ByteReader;
import io.loggos.api.spi.ByteWriter;
import io.loggos.api.spi.MalformedException;
import java.util.zip.CRC32C;

/**
 * What nodes ask each other outside of the links, to move a checkpoint or a part of a snapshot: first which one there is,
 * then its files chunk by chunk. Every request for a piece names what it is a piece of, and every answer carries a
 * CRC32C of all that was asked for and all that is answered, so a piece of something else is never taken.
 */
final class BulkProtocol {
    static final int CHUNK_BYTES = 256 << 10;

    private static final int VERSION = 1;

    /** The requests. */
    sealed interface Request {}

    /** Those for a piece of something, which the answer gives whole. */
    sealed interface Piece extends Request {
        int length();
    }

    /** Which checkpoint at a slot or later there is; the answer is its manifest. */
    record WhichCheckpoint(LogId log, long leastSlot) implements Request {}

    /** A part of a file of a checkpoint. */
    record Chunk(LogId log, Bytes checkpointHash, String file, long offset, int length) implements Piece {}

    /** A piece of the record of the asked node's part of a snapshot. */
    record SnapshotRecord(SnapshotId snapshot, long offset, int length) implements Piece {}

    /** The state of a replica of the asked node in a complete snapshot; the answer is its manifest. */
    record SnapshotState(SnapshotId snapshot, LogId log) implements Request {}

    /** A piece of a file of such a state. */
    record SnapshotChunk(SnapshotId snapshot, LogId log, String file, long offset, int length) implements Piece {}

    private BulkProtocol() {}

    static Bytes encode(Request request) {
        ByteWriter writer = new ByteWriter(128).putByte(VERSION);
        if (request instanceof Chunk chunk) {
            writer.putByte(2)
                    .putLong(chunk.log.value())
                    .putBytes(chunk.checkpointHash)
                    .putText(chunk.file)
                    .putLong(chunk.offset)
                    .putInt(chunk.length);
        } else if (request instanceof WhichCheckpoint which) {
            writer.putByte(1).putLong(which.log.value()).putLong(which.leastSlot);
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
            case 1 -> new WhichCheckpoint(log(in), in.getCount());
            case 2 -> new Chunk(log(in), in.getBytes(), in.getText(), in.getCount(), in.getInt());
            case 3 -> new SnapshotRecord(snapshot(in), in.getCount(), in.getInt());
            case 4 -> new SnapshotState(snapshot(in), log(in));
            case 5 -> new SnapshotChunk(snapshot(in), log(in), in.getText(), in.getCount(), in.getInt());
            default -> throw new MalformedException("request of type " + type);
        };
    }

    private static LogId log(ByteReader in) {
        return new LogId(in.getLong());
    }

    private static SnapshotId snapshot(ByteReader in) {
        try {
            return SnapshotId.parse(in.getText());
        } catch (IllegalArgumentException e) {
            throw new MalformedException(String.valueOf(e.getMessage()));
        }
    }

    /** The answer to a request for a piece of something. */
    static Bytes answer(Piece request, Bytes content) {
        return new ByteWriter(4 + content.size())
                .putInt(checksum(request, content))
                .putRaw(content)
                .toBytes();
    }

    /** The content of an answer. */
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
