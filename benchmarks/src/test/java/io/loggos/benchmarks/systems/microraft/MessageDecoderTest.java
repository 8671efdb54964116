package io.loggos.benchmarks.systems.microraft;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.microraft.RaftEndpoint;
import io.microraft.model.impl.DefaultRaftModelFactory;
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
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Checks that the decoder reads what the encoder has written. */
class MessageDecoderTest {
    private static final String GROUP = "g";
    private static final Peer[] PEERS = {new Peer(0), new Peer(1), new Peer(2)};
    private static final Peer SENDER = PEERS[1];

    private final DefaultRaftModelFactory factory = new DefaultRaftModelFactory();
    private final MessageEncoder encoder = new MessageEncoder();
    private final MessageDecoder decoder = new MessageDecoder(GROUP, PEERS);

    @Test
    void entriesKeepTheirPlaces() {
        // Larger than the buffer that the encoder begins with.
        byte[] large = new byte[1 << 20];
        large[large.length - 1] = 7;
        List<LogEntry> entries =
                List.of(entry(5, 2, new byte[] {1, 2}), entry(6, 3, HashStateMachine.NEW_LEADER), entry(7, 3, large));
        AppendEntriesRequest read = through(AppendEntriesRequest.class, append(entries));
        assertEquals(1, read.getPreviousLogTerm());
        assertEquals(4, read.getPreviousLogIndex());
        assertEquals(3, read.getCommitIndex());
        assertEquals(8, read.getQuerySequenceNumber());
        assertEquals(9, read.getFlowControlSequenceNumber());
        assertEquals(
                List.of(5L, 6L, 7L),
                read.getLogEntries().stream().map(LogEntry::getIndex).toList());
        assertEquals(
                List.of(2, 3, 3),
                read.getLogEntries().stream().map(LogEntry::getTerm).toList());
        assertArrayEquals(
                new byte[] {1, 2}, (byte[]) read.getLogEntries().get(0).getOperation());
        assertEquals(HashStateMachine.NEW_LEADER, read.getLogEntries().get(1).getOperation());
        assertArrayEquals(large, (byte[]) read.getLogEntries().get(2).getOperation());
        assertEquals(
                List.of(),
                through(AppendEntriesRequest.class, append(List.of())).getLogEntries());
    }

    @Test
    void answersToEntries() {
        AppendEntriesSuccessResponse yes = through(
                AppendEntriesSuccessResponse.class,
                factory.createAppendEntriesSuccessResponseBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogIndex(1L << 40)
                        .setQuerySequenceNumber(6)
                        .setFlowControlSequenceNumber(7)
                        .build());
        assertEquals(1L << 40, yes.getLastLogIndex());
        assertEquals(6, yes.getQuerySequenceNumber());
        assertEquals(7, yes.getFlowControlSequenceNumber());
        AppendEntriesFailureResponse no = through(
                AppendEntriesFailureResponse.class,
                factory.createAppendEntriesFailureResponseBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setExpectedNextIndex(5)
                        .setQuerySequenceNumber(6)
                        .setFlowControlSequenceNumber(7)
                        .build());
        assertEquals(5, no.getExpectedNextIndex());
        assertEquals(6, no.getQuerySequenceNumber());
        assertEquals(7, no.getFlowControlSequenceNumber());
    }

    @Test
    void elections() {
        PreVoteRequest preVote = through(
                PreVoteRequest.class,
                factory.createPreVoteRequestBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogTerm(2)
                        .setLastLogIndex(3)
                        .build());
        assertEquals(2, preVote.getLastLogTerm());
        assertEquals(3, preVote.getLastLogIndex());
        VoteRequest vote = through(
                VoteRequest.class,
                factory.createVoteRequestBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogTerm(2)
                        .setLastLogIndex(3)
                        .setSticky(true)
                        .build());
        assertEquals(2, vote.getLastLogTerm());
        assertEquals(3, vote.getLastLogIndex());
        assertTrue(vote.isSticky());
        TriggerLeaderElectionRequest lead = through(
                TriggerLeaderElectionRequest.class,
                factory.createTriggerLeaderElectionRequestBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setLastLogTerm(2)
                        .setLastLogIndex(3)
                        .build());
        assertEquals(2, lead.getLastLogTerm());
        assertEquals(3, lead.getLastLogIndex());
    }

    @Test
    void votes() {
        for (boolean granted : new boolean[] {true, false}) {
            assertEquals(
                    granted,
                    through(
                                    PreVoteResponse.class,
                                    factory.createPreVoteResponseBuilder()
                                            .setGroupId(GROUP)
                                            .setSender(SENDER)
                                            .setTerm(4)
                                            .setGranted(granted)
                                            .build())
                            .isGranted());
            assertEquals(
                    granted,
                    through(
                                    VoteResponse.class,
                                    factory.createVoteResponseBuilder()
                                            .setGroupId(GROUP)
                                            .setSender(SENDER)
                                            .setTerm(4)
                                            .setGranted(granted)
                                            .build())
                            .isGranted());
        }
    }

    @Test
    void snapshots() {
        RaftGroupMembersView members = factory.createRaftGroupMembersViewBuilder()
                .setLogIndex(11)
                .setMembers(List.<RaftEndpoint>of(PEERS))
                .setVotingMembers(List.<RaftEndpoint>of(PEERS[0], PEERS[1]))
                .build();
        SnapshotChunk chunk = factory.createSnapshotChunkBuilder()
                .setIndex(50)
                .setTerm(3)
                .setSnapshotChunkIndex(0)
                .setSnapshotChunkCount(1)
                .setGroupMembersView(members)
                .setOperation(new CommandHash.Value(12, 13))
                .build();
        InstallSnapshotRequest read = through(InstallSnapshotRequest.class, install(members, chunk));
        assertFalse(read.isSenderLeader());
        assertEquals(3, read.getSnapshotTerm());
        assertEquals(50, read.getSnapshotIndex());
        assertEquals(1, read.getTotalSnapshotChunkCount());
        assertEquals(List.of(PEERS[2]), List.copyOf(read.getSnapshottedMembers()));
        assertEquals(11, read.getGroupMembersView().getLogIndex());
        assertEquals(List.of(PEERS), List.copyOf(read.getGroupMembersView().getMembers()));
        assertEquals(2, read.getGroupMembersView().getVotingMembers().size());
        SnapshotChunk sent = Objects.requireNonNull(read.getSnapshotChunk());
        assertEquals(new CommandHash.Value(12, 13), sent.getOperation());
        assertEquals(50, sent.getIndex());
        assertNull(through(InstallSnapshotRequest.class, install(members, null)).getSnapshotChunk());
        InstallSnapshotResponse answer = through(
                InstallSnapshotResponse.class,
                factory.createInstallSnapshotResponseBuilder()
                        .setGroupId(GROUP)
                        .setSender(SENDER)
                        .setTerm(4)
                        .setSnapshotIndex(50)
                        .setRequestedSnapshotChunkIndex(2)
                        .setQuerySequenceNumber(8)
                        .setFlowControlSequenceNumber(9)
                        .build());
        assertEquals(50, answer.getSnapshotIndex());
        assertEquals(2, answer.getRequestedSnapshotChunkIndex());
        assertEquals(9, answer.getFlowControlSequenceNumber());
    }

    private RaftMessage append(List<LogEntry> entries) {
        return factory.createAppendEntriesRequestBuilder()
                .setGroupId(GROUP)
                .setSender(SENDER)
                .setTerm(4)
                .setPreviousLogTerm(1)
                .setPreviousLogIndex(4)
                .setCommitIndex(3)
                .setQuerySequenceNumber(8)
                .setFlowControlSequenceNumber(9)
                .setLogEntries(entries)
                .build();
    }

    private RaftMessage install(RaftGroupMembersView members, SnapshotChunk chunk) {
        return factory.createInstallSnapshotRequestBuilder()
                .setGroupId(GROUP)
                .setSender(SENDER)
                .setTerm(4)
                .setSenderLeader(false)
                .setSnapshotTerm(3)
                .setSnapshotIndex(50)
                .setTotalSnapshotChunkCount(1)
                .setSnapshotChunk(chunk)
                .setSnapshottedMembers(List.<RaftEndpoint>of(PEERS[2]))
                .setGroupMembersView(members)
                .setQuerySequenceNumber(8)
                .setFlowControlSequenceNumber(9)
                .build();
    }

    private LogEntry entry(long position, int round, Object operation) {
        return factory.createLogEntryBuilder()
                .setIndex(position)
                .setTerm(round)
                .setOperation(operation)
                .build();
    }

    /** Over the wire and back, behind another frame. */
    private <T extends RaftMessage> T through(Class<T> type, RaftMessage message) {
        encoder.clear();
        encoder.add(append(List.of()));
        encoder.add(message);
        ByteBuffer frames = encoder.frames();
        int first = frames.getInt();
        frames.position(frames.position() + first);
        int length = frames.getInt();
        assertEquals(frames.remaining(), length);
        RaftMessage read = decoder.read(frames);
        assertFalse(frames.hasRemaining());
        assertEquals(SENDER, read.getSender());
        assertEquals(4, read.getTerm());
        assertEquals(GROUP, read.getGroupId());
        return type.cast(read);
    }
}
