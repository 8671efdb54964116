package io.loggos.benchmarks.systems.jraft;

import com.alipay.sofa.jraft.JRaftUtils;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.alipay.sofa.jraft.rpc.RpcServer;
import io.loggos.benchmarks.harness.machine.Loopback;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One replica: a SOFAJRaft node with a server of its own. */
final class Member implements AutoCloseable, Supplier<CommandHash.Value> {
    private static final String GROUP = "bench";
    private static final int ATTEMPTS = 5;

    private final HashStateMachine machine = new HashStateMachine();
    private final NodeOptions options = new NodeOptions();
    private final PeerId self;
    private final RpcServer server;
    private @Nullable RaftGroupService service;

    private Member(PeerId self) {
        this.self = self;
        server = RaftRpcServerFactory.createRaftRpcServer(
                self.getEndpoint(),
                JRaftUtils.createExecutor("raft-rpc-", options.getRaftRpcThreadPoolSize()),
                JRaftUtils.createExecutor("cli-rpc-", options.getCliRpcThreadPoolSize()));
    }

    /** Opens a server on a free port. */
    static Member listen() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Member member =
                    new Member(PeerId.parsePeer(Loopback.freeAddresses(1).get(0)));
            if (member.server.init(null)) {
                return member;
            }
        }
        throw new IllegalStateException("SOFAJRaft cannot listen on a port of the loopback address");
    }

    PeerId self() {
        return self;
    }

    /** Joins the group. */
    void start(Configuration peers, Path directory) {
        options.setInitialConf(peers);
        options.setFsm(machine);
        options.setLogUri(directory.resolve("log").toString());
        options.setRaftMetaUri(directory.resolve("meta").toString());
        options.setRaftOptions(raftOptions());
        RaftGroupService started = new RaftGroupService(GROUP, self, options, server);
        service = started;
        started.start(false);
    }

    Node node() {
        RaftGroupService started = service;
        if (started == null) {
            throw new IllegalStateException("not started");
        }
        return started.getRaftNode();
    }

    /** Returns the state that this replica has applied. */
    @Override
    public CommandHash.Value get() {
        return machine.state();
    }

    /** Leaves the group but still listens, so that the others do not miss it while they end too. */
    void leave() {
        RaftGroupService started = service;
        if (started != null) {
            started.getRaftNode().shutdown();
        }
    }

    @Override
    public void close() {
        RaftGroupService started = service;
        if (started == null) {
            server.shutdown();
            return;
        }
        started.shutdown();
        try {
            started.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Returns the options. The defaults pipeline and batch already: 256 messages in flight to a peer, 1,024 entries in
     * each. The sync is set explicitly, since it is what is compared. Counters are off.
     */
    private static RaftOptions raftOptions() {
        RaftOptions raft = new RaftOptions();
        raft.setSync(true);
        raft.setSyncMeta(true);
        raft.setReplicatorPipeline(true);
        raft.setOpenStatistics(false);
        return raft;
    }
}
