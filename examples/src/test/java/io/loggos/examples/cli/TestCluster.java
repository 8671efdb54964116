package io.loggos.examples.cli;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.loggos.api.Address;
import io.loggos.examples.admin.proto.NodeStatusReply;
import io.loggos.examples.cli.client.StatusClient;
import io.loggos.examples.cli.options.Connector;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Three server processes on free ports, each with a directory of its own. */
public final class TestCluster implements AutoCloseable {
    public static final int NODES = 3;
    private static final long ASK_MILLIS = 2_000;

    private final Path directory;
    private final List<Integer> peerPorts;
    private final List<Integer> clientPorts;
    private final List<String> options;
    private final TreeMap<Integer, ServerProcess> running = new TreeMap<>();

    /** Creates a cluster in a directory, without starting it. All its servers get these options. */
    public TestCluster(Path directory, String... options) {
        this.directory = directory;
        this.options = List.of(options);
        List<Integer> ports = freePorts(2 * NODES);
        peerPorts = ports.subList(0, NODES);
        clientPorts = ports.subList(NODES, 2 * NODES);
    }

    static List<Integer> freePorts(int count) {
        return FreePorts.draw(count);
    }

    /** Starts all servers and waits until one leads. If that fails, it ends all of them. */
    public TestCluster startAll() throws IOException {
        try {
            for (int id = 1; id <= NODES; id++) {
                start(id);
            }
            running.values().forEach(ServerProcess::awaitReady);
            awaitLeader();
            return this;
        } catch (RuntimeException | Error | IOException e) {
            close();
            throw e;
        }
    }

    ServerProcess start(int id) throws IOException {
        ServerProcess process = ServerProcess.start(directory, "node-" + id, arguments(id));
        running.put(id, process);
        return process;
    }

    /** Returns the command line of a server. */
    List<String> arguments(int id) {
        List<String> arguments = new ArrayList<>(List.of("server", "--cluster-id=e2e", "--id=" + id));
        arguments.add("--data=" + data(id));
        arguments.add("--listen-peer=" + peer(id));
        arguments.add("--listen-client=" + client(id));
        for (int other = 1; other <= NODES; other++) {
            if (other != id) {
                arguments.add("--peer=" + other + "=" + peer(other));
                arguments.add("--client=" + other + "=" + client(other));
            }
        }
        arguments.addAll(options);
        return arguments;
    }

    /** Makes the data directory of each server from a saved snapshot. */
    public void restoreAll(Path snapshot) {
        for (int id = 1; id <= NODES; id++) {
            List<String> arguments = new ArrayList<>(List.of("restore", snapshot.toString()));
            arguments.addAll(arguments(id).stream()
                    .skip(1)
                    .filter(argument -> !argument.startsWith("--listen-client") && !argument.startsWith("--client"))
                    .toList());
            if (Loggos.run(arguments.toArray(String[]::new)) != 0) {
                throw new AssertionError("node " + id + " was not restored from " + snapshot);
            }
        }
    }

    Path data(int id) {
        return directory.resolve("data-" + id);
    }

    Address peer(int id) {
        return new Address("127.0.0.1", peerPorts.get(id - 1));
    }

    Address client(int id) {
        return new Address("127.0.0.1", clientPorts.get(id - 1));
    }

    public List<Address> clients() {
        return List.of(client(1), client(2), client(3));
    }

    String endpoints() {
        return clients().stream().map(Address::toString).collect(Collectors.joining(","));
    }

    ServerProcess process(int id) {
        return running.get(id);
    }

    public void kill(int id) throws InterruptedException {
        running.remove(id).kill();
    }

    ManagedChannel channel(int id) {
        return NettyChannelBuilder.forTarget("dns:///" + client(id))
                .usePlaintext()
                .build();
    }

    /** Returns the status of a server, or null if it does not answer. */
    @Nullable
    NodeStatusReply status(int id) {
        try (StatusClient status = new StatusClient(client(id), Connector.PLAIN)) {
            return status.ask(ASK_MILLIS).reply();
        }
    }

    /** Waits until some server leads, and returns its id. */
    int awaitLeader() {
        return Awaitility.await("a leader").atMost(Duration.ofMinutes(2)).until(this::leader, id -> id != 0);
    }

    /** Waits until a server has applied all slots that the leader has chosen at the time of the call. */
    void awaitCaughtUp(int id, Duration atMost) {
        NodeStatusReply leader = status(awaitLeader());
        long slot = leader == null ? Long.MAX_VALUE : leader.getChosenSlot();
        Awaitility.await("node " + id + " at slot " + slot).atMost(atMost).until(() -> {
            NodeStatusReply reply = status(id);
            return reply != null && reply.getAppliedSlot() >= slot;
        });
    }

    @Override
    public void close() {
        running.values().forEach(ServerProcess::close);
    }

    private int leader() {
        for (int id : running.keySet()) {
            NodeStatusReply reply = status(id);
            if (reply != null && reply.getRole().equals("LEADER")) {
                return id;
            }
        }
        return 0;
    }
}
