package io.loggos.benchmarks.systems.microraft;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.microraft.RaftEndpoint;
import io.microraft.model.RaftModelFactory;
import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import io.microraft.model.log.RaftGroupMembersView;
import io.microraft.model.log.SnapshotChunk;
import io.microraft.model.message.RaftMessage;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decoder of the frames of {@link MessageEncoder}, without their length. For any thread. */
final class MessageDecoder {
    private final RaftModelFactory factory = new DefaultRaftModelFactory();
    private final Object group;
    private final Peer[] peers;

    MessageDecoder(Object group, Peer[] peers) {
        this.group = group;
        this.peers = peers;
    }

    /** Reads the message that begins at the buffer's position; the buffer is left at its end. */
    RaftMessage read(ByteBuffer from) {
        MessageKind kind = MessageKind.of(from.get());
        Peer sender = peer(from);
        int round = from.getInt();
        return switch (kind) {
            case APPEND -> readAppend(from, sender, round);
            case APPENDED ->
                factory.createAppendEntriesSuccessResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(round)
                        .setLastLogIndex(from.getLong())
                        .setQuerySequenceNumber(from.getLong())
                        .setFlowControlSequenceNumber(from.getLong())
                        .build();
            case NOT_APPENDED ->
                factory.createAppendEntriesFailureResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(round)
                        .setExpectedNextIndex(from.getLong())
                        .setQuerySequenceNumber(from.getLong())
                        .setFlowControlSequenceNumber(from.getLong())
                        .build();
            case INSTALL -> readInstall(from, sender, round);
            case INSTALLED ->
                factory.createInstallSnapshotResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(round)
                        .setSnapshotIndex(from.getLong())
                        .setRequestedSnapshotChunkIndex(from.getInt())
                        .setQuerySequenceNumber(from.getLong())
                        .setFlowControlSequenceNumber(from.getLong())
                        .build();
            case PRE_VOTE, PRE_VOTED, VOTE, VOTED, LEAD -> readElection(from, kind, sender, round);
        };
    }

    private RaftMessage readElection(ByteBuffer from, MessageKind kind, Peer sender, int round) {
        return switch (kind) {
            case PRE_VOTE ->
                factory.createPreVoteRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(round)
                        .setLastLogTerm(from.getInt())
                        .setLastLogIndex(from.getLong())
                        .build();
            case PRE_VOTED ->
                factory.createPreVoteResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(round)
                        .setGranted(flag(from))
                        .build();
            case VOTE ->
                factory.createVoteRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(round)
                        .setLastLogTerm(from.getInt())
                        .setLastLogIndex(from.getLong())
                        .setSticky(flag(from))
                        .build();
            case VOTED ->
                factory.createVoteResponseBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(round)
                        .setGranted(flag(from))
                        .build();
            case LEAD ->
                factory.createTriggerLeaderElectionRequestBuilder()
                        .setGroupId(group)
                        .setSender(sender)
                        .setTerm(round)
                        .setLastLogTerm(from.getInt())
                        .setLastLogIndex(from.getLong())
                        .build();
            case APPEND, APPENDED, NOT_APPENDED, INSTALL, INSTALLED ->
                throw new IllegalArgumentException("no message of an election: " + kind);
        };
    }

    private RaftMessage readAppend(ByteBuffer from, Peer sender, int round) {
        return factory.createAppendEntriesRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(round)
                .setPreviousLogTerm(from.getInt())
                .setPreviousLogIndex(from.getLong())
                .setCommitIndex(from.getLong())
                .setQuerySequenceNumber(from.getLong())
                .setFlowControlSequenceNumber(from.getLong())
                .setLogEntries(readEntries(from))
                .build();
    }

    private List<LogEntry> readEntries(ByteBuffer from) {
        int count = from.getInt();
        if (count == 0) {
            return List.of();
        }
        long position = from.getLong();
        List<LogEntry> entries = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            entries.add(factory.createLogEntryBuilder()
                    .setIndex(position + i)
                    .setTerm(from.getInt())
                    .setOperation(readOperation(from))
                    .build());
        }
        return entries;
    }

    private static Object readOperation(ByteBuffer from) {
        int length = from.getInt();
        if (length == MessageEncoder.NO_COMMAND) {
            return HashStateMachine.NEW_LEADER;
        }
        byte[] command = new byte[length];
        from.get(command);
        return command;
    }

    private RaftMessage readInstall(ByteBuffer from, Peer sender, int round) {
        boolean leads = flag(from);
        int snapshotRound = from.getInt();
        long position = from.getLong();
        int chunks = from.getInt();
        List<RaftEndpoint> holders = readPeers(from);
        RaftGroupMembersView members = factory.createRaftGroupMembersViewBuilder()
                .setLogIndex(from.getLong())
                .setMembers(readPeers(from))
                .setVotingMembers(readPeers(from))
                .build();
        return factory.createInstallSnapshotRequestBuilder()
                .setGroupId(group)
                .setSender(sender)
                .setTerm(round)
                .setSenderLeader(leads)
                .setSnapshotTerm(snapshotRound)
                .setSnapshotIndex(position)
                .setTotalSnapshotChunkCount(chunks)
                .setSnapshottedMembers(holders)
                .setGroupMembersView(members)
                .setQuerySequenceNumber(from.getLong())
                .setFlowControlSequenceNumber(from.getLong())
                .setSnapshotChunk(readChunk(from, snapshotRound, position, chunks, members))
                .build();
    }

    private @Nullable SnapshotChunk readChunk(
            ByteBuffer from, int round, long position, int chunks, RaftGroupMembersView members) {
        if (!flag(from)) {
            return null;
        }
        return factory.createSnapshotChunkBuilder()
                .setIndex(position)
                .setTerm(round)
                .setSnapshotChunkIndex(from.getInt())
                .setSnapshotChunkCount(chunks)
                .setGroupMembersView(members)
                .setOperation(new CommandHash.Value(from.getLong(), from.getLong()))
                .build();
    }

    private List<RaftEndpoint> readPeers(ByteBuffer from) {
        int count = from.getInt();
        List<RaftEndpoint> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(peer(from));
        }
        return all;
    }

    private Peer peer(ByteBuffer from) {
        return peers[from.getInt()];
    }

    private static boolean flag(ByteBuffer from) {
        return from.get() != 0;
    }
}
