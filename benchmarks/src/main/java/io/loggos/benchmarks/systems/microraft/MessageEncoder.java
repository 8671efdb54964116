package io.loggos.benchmarks.systems.microraft;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.microraft.RaftEndpoint;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.AppendEntriesFailureResponse;
import io.microraft.model.message.AppendEntriesRequest;
import io.microraft.model.message.AppendEntriesSuccessResponse;
import io.microraft.model.message.InstallSnapshotRequest;
import io.microraft.model.message.InstallSnapshotResponse;
import io.microraft.model.message.PreVoteRequest;
import io.microraft.model.message.PreVoteResponse;
import io.microraft.model.message.RaftMessage;
import io.microraft.model.message.TriggerLeaderElectionRequest;
import io.microraft.model.message.VoteRequest;
import io.microraft.model.message.VoteResponse;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;

/**
 * Encoder of MicroRaft's messages as frames: the length of the rest, the kind, the sender, the term, and the fields.
 * {@link MessageDecoder} reads them. For one thread.
 */
final class MessageEncoder {
    /** Length that marks the log entry of a new leader, which is no command. */
    static final int NO_COMMAND = -1;

    private static final int FIXED_BYTES = 128;
    private static final int ENTRY_BYTES = 2 * Integer.BYTES;

    private ByteBuffer frames = ByteBuffer.allocateDirect(1 << 18);

    /** Returns the frames that were added since the last {@link #clear}, ready to be written. */
    ByteBuffer frames() {
        return frames.flip();
    }

    void clear() {
        frames.clear();
    }

    /** Adds a frame. */
    void add(RaftMessage message) {
        reserve(message);
        int start = frames.position();
        frames.position(start + Integer.BYTES + Byte.BYTES);
        frames.putInt(number(message.getSender())).putInt(message.getTerm());
        MessageKind kind = put(message);
        frames.putInt(start, frames.position() - start - Integer.BYTES);
        frames.put(start + Integer.BYTES, kind.number());
    }

    /** Returns the number of bytes that {@link #put(ByteBuffer, RaftGroupMembersView)} takes. */
    static int sizeOf(RaftGroupMembersView members) {
        return Long.BYTES
                + (2 + members.getMembers().size() + members.getVotingMembers().size()) * Integer.BYTES;
    }

    static void put(ByteBuffer to, RaftGroupMembersView members) {
        to.putLong(members.getLogIndex());
        put(to, members.getMembers());
        put(to, members.getVotingMembers());
    }

    private static void put(ByteBuffer to, Collection<RaftEndpoint> peers) {
        to.putInt(peers.size());
        peers.forEach(peer -> to.putInt(number(peer)));
    }

    private static int number(RaftEndpoint peer) {
        return ((Peer) peer).number();
    }

    private void reserve(RaftMessage message) {
        int bytes = FIXED_BYTES;
        if (message instanceof AppendEntriesRequest append) {
            for (LogEntry entry : append.getLogEntries()) {
                bytes += ENTRY_BYTES + (entry.getOperation() instanceof byte[] command ? command.length : 0);
            }
        } else if (message instanceof InstallSnapshotRequest install) {
            bytes += 2 * sizeOf(install.getGroupMembersView());
            bytes += install.getSnapshottedMembers().size() * Integer.BYTES;
        }
        if (frames.remaining() < bytes) {
            ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(2 * frames.capacity(), frames.position() + bytes));
            frames = larger.put(frames.flip());
        }
    }

    private MessageKind put(RaftMessage message) {
        if (message instanceof AppendEntriesRequest append) {
            return putAppend(append);
        }
        if (message instanceof AppendEntriesSuccessResponse appended) {
            frames.putLong(appended.getLastLogIndex());
            putRound(appended.getQuerySequenceNumber(), appended.getFlowControlSequenceNumber());
            return MessageKind.APPENDED;
        }
        if (message instanceof AppendEntriesFailureResponse failed) {
            frames.putLong(failed.getExpectedNextIndex());
            putRound(failed.getQuerySequenceNumber(), failed.getFlowControlSequenceNumber());
            return MessageKind.NOT_APPENDED;
        }
        if (message instanceof InstallSnapshotRequest install) {
            return putInstall(install);
        }
        if (message instanceof InstallSnapshotResponse installed) {
            frames.putLong(installed.getSnapshotIndex()).putInt(installed.getRequestedSnapshotChunkIndex());
            putRound(installed.getQuerySequenceNumber(), installed.getFlowControlSequenceNumber());
            return MessageKind.INSTALLED;
        }
        return putElection(message);
    }

    private MessageKind putElection(RaftMessage message) {
        if (message instanceof PreVoteRequest request) {
            putEnd(request.getLastLogTerm(), request.getLastLogIndex());
            return MessageKind.PRE_VOTE;
        }
        if (message instanceof PreVoteResponse response) {
            putFlag(response.isGranted());
            return MessageKind.PRE_VOTED;
        }
        if (message instanceof VoteRequest request) {
            putEnd(request.getLastLogTerm(), request.getLastLogIndex());
            putFlag(request.isSticky());
            return MessageKind.VOTE;
        }
        if (message instanceof VoteResponse response) {
            putFlag(response.isGranted());
            return MessageKind.VOTED;
        }
        if (message instanceof TriggerLeaderElectionRequest request) {
            putEnd(request.getLastLogTerm(), request.getLastLogIndex());
            return MessageKind.LEAD;
        }
        throw new IllegalArgumentException("no message that is known here: " + message);
    }

    private MessageKind putAppend(AppendEntriesRequest append) {
        putEnd(append.getPreviousLogTerm(), append.getPreviousLogIndex());
        frames.putLong(append.getCommitIndex());
        putRound(append.getQuerySequenceNumber(), append.getFlowControlSequenceNumber());
        List<LogEntry> entries = append.getLogEntries();
        frames.putInt(entries.size());
        if (!entries.isEmpty()) {
            // The entries are consecutive in the log, so the first position is enough.
            frames.putLong(entries.get(0).getIndex());
        }
        for (LogEntry entry : entries) {
            frames.putInt(entry.getTerm());
            if (entry.getOperation() instanceof byte[] command) {
                frames.putInt(command.length).put(command);
            } else {
                frames.putInt(NO_COMMAND);
            }
        }
        return MessageKind.APPEND;
    }

    private MessageKind putInstall(InstallSnapshotRequest install) {
        putFlag(install.isSenderLeader());
        putEnd(install.getSnapshotTerm(), install.getSnapshotIndex());
        frames.putInt(install.getTotalSnapshotChunkCount());
        put(frames, install.getSnapshottedMembers());
        put(frames, install.getGroupMembersView());
        putRound(install.getQuerySequenceNumber(), install.getFlowControlSequenceNumber());
        SnapshotChunk chunk = install.getSnapshotChunk();
        putFlag(chunk != null);
        if (chunk != null) {
            CommandHash.Value state = (CommandHash.Value) chunk.getOperation();
            frames.putInt(chunk.getSnapshotChunkIndex())
                    .putLong(state.commands())
                    .putLong(state.hash());
        }
        return MessageKind.INSTALL;
    }

    private void putEnd(int round, long position) {
        frames.putInt(round).putLong(position);
    }

    private void putRound(long query, long flow) {
        frames.putLong(query).putLong(flow);
    }

    private void putFlag(boolean flag) {
        frames.put((byte) (flag ? 1 : 0));
    }
}
