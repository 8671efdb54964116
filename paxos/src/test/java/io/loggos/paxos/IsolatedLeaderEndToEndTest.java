package io.loggos.paxos;

import io.loggos.api.Bytes;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.Role;
import io.loggos.api.replica.StateMachine;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes with real links, of which the first leader is isolated as soon as all of them serve reads. No command was ever
 * proposed. The others serve linearizable reads again.
 */
class IsolatedLeaderEndToEndTest {
    private static final int NODES = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(10);

    @TempDir
    Path directory;

    private final List<Node> nodes = new ArrayList<>();
    private final List<Replica> replicas = new ArrayList<>();
    /** The cables from each node to each other one; null on the diagonal. */
    private final Cable[][] cables = new Cable[NODES][NODES];

    private static final class Nothing implements StateMachine {
        @Override
        public Bytes apply(Command command) {
            return Bytes.EMPTY;
        }

        @Override
        public CheckpointWriter checkpoint() {
            return files -> {};
        }

        @Override
        public void restore(Path files) {
            // There is no state.
        }
    }

    private void startAll() throws IOException {
        List<Integer> ports = FreePorts.draw(NODES);
        List<List<Integer>> entries = new ArrayList<>();
        for (int from = 0; from < NODES; from++) {
            entries.add(FreePorts.draw(NODES));
            for (int to = 0; to < NODES; to++) {
                if (from != to) {
                    cables[from][to] = new Cable(entries.get(from).get(to), ports.get(to));
                }
            }
        }
        for (int id = 0; id < NODES; id++) {
            NodeBuilder builder = Node.builder()
                    .clusterId("isolated")
                    .id(id + 1)
                    .listen("127.0.0.1:" + ports.get(id))
                    .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(500)))
                    .dataDirectory(directory.resolve("node-" + id));
            for (int peer = 0; peer < NODES; peer++) {
                if (peer != id) {
                    builder.peer(peer + 1, "127.0.0.1:" + entries.get(id).get(peer));
                }
            }
            Node node = builder.open();
            nodes.add(node);
            replicas.add(node.replicate(
                    "log",
                    new Nothing(),
                    ReplicaOptions.builder()
                            .requestTimeout(Duration.ofSeconds(1))
                            .build()));
        }
    }

    private static void awaitRead(Replica replica) {
        Awaitility.await("a read")
                .atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> replica.read(Consistency.LINEARIZABLE, () -> true)
                        .handle((result, failure) -> failure == null)
                        .join());
    }

    private int leader() {
        for (int id = 0; id < NODES; id++) {
            if (replicas.get(id).status().role() == Role.LEADER) {
                return id;
            }
        }
        return -1;
    }

    @AfterEach
    void closeAll() throws IOException {
        nodes.forEach(Node::close);
        for (Cable[] row : cables) {
            for (Cable cable : row) {
                if (cable != null) {
                    cable.close();
                }
            }
        }
    }

    @RepeatedTest(3)
    void othersServeReadsWithoutAnyCommand() throws IOException {
        startAll();
        replicas.forEach(IsolatedLeaderEndToEndTest::awaitRead);
        int leader =
                Awaitility.await("a leader").atMost(PATIENCE).pollInterval(POLL).until(this::leader, id -> id >= 0);
        for (int other = 0; other < NODES; other++) {
            if (other != leader) {
                cables[leader][other].cut();
                cables[other][leader].cut();
            }
        }
        long began = System.nanoTime();
        for (int other = 0; other < NODES; other++) {
            if (other != leader) {
                awaitRead(replicas.get(other));
            }
        }
        System.out.println("reads again after " + (System.nanoTime() - began) / 1_000_000 + " ms; all had met: "
                + nodes.stream().allMatch(node -> node.status().formed()));
    }
}
