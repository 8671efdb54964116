package io.loggos.benchmarks.systems.ratis;

import io.loggos.benchmarks.harness.machine.Loopback;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.Settlement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;

/**
 * Three servers in this JVM. Commands go directly to the group's division of the leading server, without a client. The
 * Ratis client would send each in a call of its own over TCP to the same JVM.
 */
final class RatisCluster implements ReplicatedCluster {
    private static final int SERVERS = 3;
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final RaftClientRequest.Type WRITE = RaftClientRequest.writeRequestType();

    /** Target of the commands. */
    private record Leader(RaftServer.Division division, RaftClientAsynchronousProtocol requests) {}

    private final List<RaftServer> servers = new ArrayList<>();
    private final List<RatisStateMachine> machines = new ArrayList<>();
    private final ClientId client = ClientId.randomId();
    private final RaftGroup group;
    private @Nullable Leader leader;
    private long calls;

    private RatisCluster(RaftGroup group) {
        this.group = group;
    }

    /** Opens the servers below an empty directory and returns once a command was applied. */
    static RatisCluster open(Path directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return openOnce(directory.resolve("attempt-" + attempt));
            } catch (IOException e) {
                // Another process may have taken one of the ports.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static RatisCluster openOnce(Path directory) throws IOException {
        List<RaftPeer> peers = new ArrayList<>();
        for (String address : Loopback.freeAddresses(SERVERS)) {
            peers.add(RaftPeer.newBuilder()
                    .setId("server-" + (peers.size() + 1))
                    .setAddress(address)
                    .build());
        }
        RatisCluster cluster = new RatisCluster(RaftGroup.valueOf(RaftGroupId.randomId(), peers));
        try {
            for (RaftPeer peer : peers) {
                cluster.startServer(peer, directory.resolve(peer.getId().toString()));
            }
            Leader leader = cluster.awaitLeader();
            cluster.leader = leader;
            cluster.send(leader, new byte[Long.BYTES]).join();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void startServer(RaftPeer peer, Path directory) throws IOException {
        RatisStateMachine machine = new RatisStateMachine();
        RaftServer server = RaftServer.newBuilder()
                .setServerId(peer.getId())
                .setGroup(group)
                .setStateMachine(machine)
                .setProperties(RatisOptions.of(peer, directory))
                .build();
        machines.add(machine);
        servers.add(server);
        server.start();
    }

    private Leader awaitLeader() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() - deadline < 0) {
            for (RaftServer server : servers) {
                RaftServer.Division division = server.getDivision(group.getGroupId());
                if (division.getInfo().isLeaderReady() && division instanceof RaftClientAsynchronousProtocol requests) {
                    return new Leader(division, requests);
                }
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        throw new IllegalStateException("no leader");
    }

    @Override
    public void submit(byte[] command, Operation operation) {
        Leader leading = leader;
        if (leading == null) {
            throw new IllegalStateException("not open");
        }
        CompletableFuture<?> unused = send(leading, command).handle((reply, failure) -> {
            operation.complete(failure == null ? reply.getException() : failure);
            return reply;
        });
    }

    private CompletableFuture<RaftClientReply> send(Leader leading, byte[] command) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(leading.division().getId())
                .setGroupId(group.getGroupId())
                .setCallId(++calls)
                .setMessage(Message.valueOf(UnsafeByteOperations.unsafeWrap(command)))
                .setType(WRITE)
                .build();
        try {
            return leading.requests().submitClientRequestAsync(request);
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public List<CommandHash.Value> settledStates() {
        List<Supplier<CommandHash.Value>> states = new ArrayList<>();
        machines.forEach(machine -> states.add(machine::published));
        return Settlement.await(states);
    }

    @Override
    public void close() {
        try {
            for (RaftServer server : servers) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
