package io.loggos.benchmarks.systems.microraft;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.microraft.model.log.BaseLogEntry;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.persistence.RaftEndpointPersistentState;
import io.microraft.model.persistence.RaftTermPersistentState;
import io.microraft.persistence.RaftStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Store of a MicroRaft node: records that are appended to one file. A flush writes everything since the last one with
 * one call and forces it to the disk. A record is its length, a CRC32C of the rest, its kind, and its contents. The
 * file could be read back, but a measurement begins with an empty one, so there is no code for that. All calls are on
 * the thread of the node.
 */
final class FileStore implements RaftStore, AutoCloseable {
    /** Kinds of records. */
    private enum Kind {
        SELF(1),
        MEMBERS(2),
        VOTE(3),
        COMMAND(4),
        MARK(5),
        TRUNCATION(6),
        SNAPSHOT(7);

        private final byte number;

        Kind(int number) {
            this.number = (byte) number;
        }
    }

    private static final int HEADER_BYTES = Integer.BYTES + Integer.BYTES + Byte.BYTES;
    private static final int POSITION_BYTES = Long.BYTES + Integer.BYTES;
    /** Number of buffered bytes above which records are written before the next flush. */
    private static final int WRITE_BYTES = 1 << 20;

    private final FileChannel file;
    private final CRC32C crc = new CRC32C();
    private ByteBuffer buffer = ByteBuffer.allocateDirect(2 * WRITE_BYTES);
    private boolean dirty;

    FileStore(Path path) throws IOException {
        file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    @Override
    public void persistAndFlushLocalEndpoint(RaftEndpointPersistentState self) throws IOException {
        int start = begin(Kind.SELF, Integer.BYTES + Byte.BYTES);
        buffer.putInt(((Peer) self.getLocalEndpoint()).number()).put((byte) (self.isVoting() ? 1 : 0));
        end(start);
        flush();
    }

    @Override
    public void persistAndFlushInitialGroupMembers(RaftGroupMembersView members) throws IOException {
        int start = begin(Kind.MEMBERS, MessageEncoder.sizeOf(members));
        MessageEncoder.put(buffer, members);
        end(start);
        flush();
    }

    @Override
    public void persistAndFlushTerm(RaftTermPersistentState vote) throws IOException {
        Peer candidate = (Peer) vote.getVotedFor();
        int start = begin(Kind.VOTE, 2 * Integer.BYTES);
        buffer.putInt(vote.getTerm()).putInt(candidate == null ? -1 : candidate.number());
        end(start);
        flush();
    }

    @Override
    public void persistLogEntries(List<LogEntry> entries) throws IOException {
        for (LogEntry entry : entries) {
            persist(entry);
        }
    }

    @Override
    public void persistSnapshotChunk(SnapshotChunk chunk) throws IOException {
        RaftGroupMembersView members = chunk.getGroupMembersView();
        CommandHash.Value state = (CommandHash.Value) chunk.getOperation();
        int start = begin(
                Kind.SNAPSHOT, POSITION_BYTES + 2 * Integer.BYTES + 2 * Long.BYTES + MessageEncoder.sizeOf(members));
        putPosition(chunk);
        buffer.putInt(chunk.getSnapshotChunkIndex()).putInt(chunk.getSnapshotChunkCount());
        buffer.putLong(state.commands()).putLong(state.hash());
        MessageEncoder.put(buffer, members);
        end(start);
    }

    @Override
    public void truncateLogEntriesFrom(long first) throws IOException {
        int start = begin(Kind.TRUNCATION, Long.BYTES);
        buffer.putLong(first);
        end(start);
    }

    /** Does nothing: the file is deleted after the measurement. */
    @Override
    public void truncateLogEntriesUntil(long last) {}

    /** Does nothing: the next complete snapshot replaces those before it. */
    @Override
    public void deleteSnapshotChunks(long position, int count) {}

    @Override
    public void flush() throws IOException {
        write();
        if (dirty) {
            file.force(false);
            dirty = false;
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    private void persist(LogEntry entry) throws IOException {
        if (entry.getOperation() instanceof byte[] command) {
            int start = begin(Kind.COMMAND, POSITION_BYTES + command.length);
            putPosition(entry);
            buffer.put(command);
            end(start);
        } else {
            int start = begin(Kind.MARK, POSITION_BYTES);
            putPosition(entry);
            end(start);
        }
    }

    private void putPosition(BaseLogEntry entry) {
        buffer.putLong(entry.getIndex()).putInt(entry.getTerm());
    }

    private int begin(Kind kind, int bytes) throws IOException {
        if (buffer.position() > WRITE_BYTES || buffer.remaining() < HEADER_BYTES + bytes) {
            write();
        }
        if (buffer.capacity() < HEADER_BYTES + bytes) {
            buffer = ByteBuffer.allocateDirect(HEADER_BYTES + bytes);
        }
        int start = buffer.position();
        buffer.position(start + HEADER_BYTES - Byte.BYTES).put(kind.number);
        return start;
    }

    private void end(int start) {
        int end = buffer.position();
        int content = start + HEADER_BYTES - Byte.BYTES;
        crc.reset();
        crc.update(buffer.flip().position(content));
        buffer.clear().position(end);
        buffer.putInt(start, end - content);
        buffer.putInt(start + Integer.BYTES, (int) crc.getValue());
    }

    private void write() throws IOException {
        if (buffer.position() > 0) {
            buffer.flip();
            while (buffer.hasRemaining()) {
                file.write(buffer);
            }
            buffer.clear();
            dirty = true;
        }
    }
}
