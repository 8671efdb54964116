package io.loggos.benchmarks.systems.microraft;

import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.microraft.QueryPolicy;
import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One replica: a MicroRaft node with its thread, its wire and its file. */
final class Member implements AutoCloseable, Supplier<CommandHash.Value> {
    private static final String GROUP = "bench";
    /** Commands in one message: more than are ever in flight, so that everything queued leaves in one message. */
    private static final int BATCH_COMMANDS = 4096;
    /** Commands that may be pending: more than are ever in flight, because MicroRaft refuses the rest. */
    private static final int PENDING_COMMANDS = 16_384;

    private final TcpTransport transport;
    private final NodeExecutor executor;
    private final FileStore store;
    private final RaftNode node;
    private final MessageDecoder decoder;

    Member(Peer self, Peer[] peers, Path file) throws IOException {
        store = new FileStore(file);
        transport = new TcpTransport(peers.length);
        executor = new NodeExecutor("node " + self.number());
        decoder = new MessageDecoder(GROUP, peers);
        node = RaftNode.newBuilder()
                .setGroupId(GROUP)
                .setLocalEndpoint(self)
                .setInitialGroupMembers(List.<RaftEndpoint>of(peers))
                .setConfig(RaftConfig.newBuilder()
                        .setAppendEntriesRequestBatchSize(BATCH_COMMANDS)
                        .setMaxPendingLogEntryCount(PENDING_COMMANDS)
                        .build())
                .setExecutor(executor)
                .setTransport(transport)
                .setStateMachine(new HashStateMachine())
                .setStore(store)
                .build();
    }

    TcpTransport transport() {
        return transport;
    }

    RaftNode node() {
        return node;
    }

    /** Begins to listen to its peers, all of which have connected, and joins the group. */
    void start() throws IOException {
        transport.accept(node, decoder);
        executor.start();
        node.start().join();
    }

    /** Returns the number of the peer that leads, as far as this one knows, or -1. */
    int leader() {
        return node.getTerm().getLeaderEndpoint() instanceof Peer leader ? leader.number() : -1;
    }

    /** Returns the state that this replica has applied. */
    @Override
    public CommandHash.Value get() {
        return node.<CommandHash.Value>query(
                        HashStateMachine.STATE, QueryPolicy.EVENTUAL_CONSISTENCY, Optional.empty(), Optional.empty())
                .join()
                .getResult();
    }

    @Override
    public void close() {
        transport.close();
        executor.close();
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
