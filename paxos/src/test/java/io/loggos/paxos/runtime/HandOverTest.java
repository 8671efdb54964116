package io.loggos.paxos.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.LeadershipTransferException;
import io.loggos.api.replica.LeadershipTransferException.Reason;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.Role;
import io.loggos.api.replica.StateMachine;
import io.loggos.testkit.network.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Planned changes of the leader among three real nodes with many logs. An election would take five seconds here. */
class HandOverTest {
    private static final int LOGS = 20;
    private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private final TreeMap<Integer, Node> nodes = new TreeMap<>();
    private final TreeMap<Integer, List<Replica>> replicas = new TreeMap<>();

    private static final class Echo implements StateMachine {
        @Override
        public Bytes apply(Command command) {
            return command.payload();
        }

        @Override
        public CheckpointWriter checkpoint() {
            return into -> {};
        }

        @Override
        public void restore(Path from) {}
    }

    @BeforeEach
    void start() {
        List<Integer> ports = FreePorts.draw(3);
        for (int id = 1; id <= 3; id++) {
            NodeBuilder builder = Node.builder()
                    .id(id)
                    .listen("127.0.0.1:" + ports.get(id - 1))
                    .dataDirectory(directory.resolve("node-" + id))
                    .timing(TimingOptions.ofElectionTimeout(ELECTION_TIMEOUT))
                    .userCode(UserCodeOptions.builder()
                            .closeTimeout(Duration.ofMinutes(1))
                            .build());
            for (int peer = 1; peer <= 3; peer++) {
                if (peer != id) {
                    builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
                }
            }
            Node node = builder.open();
            nodes.put(id, node);
            List<Replica> logs = new ArrayList<>();
            for (int log = 0; log < LOGS; log++) {
                logs.add(node.replicate("log " + log, new Echo()));
            }
            replicas.put(id, logs);
        }
    }

    @AfterEach
    void stop() {
        nodes.values().forEach(Node::close);
    }

    /** Returns the replica of a log that leads now. */
    private Replica leader(int log) {
        return replicas.values().stream()
                .map(all -> all.get(log))
                .filter(replica -> replica.status().role() == Role.LEADER)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody leads log " + log));
    }

    private static void awaitDone(CompletableFuture<?> call) {
        await().atMost(1, TimeUnit.MINUTES).until(call::isDone);
        call.join();
    }

    private static Reason refusal(CompletableFuture<?> call) {
        CompletionException failure = assertThrows(CompletionException.class, call::join);
        return assertInstanceOf(LeadershipTransferException.class, failure.getCause())
                .reason();
    }

    /** RULES.md P-18: when the close returns, the other nodes have a leader in each log. */
    @Test
    void nodeThatClosesHandsOverAllItsLogs() {
        NodeId one = NodeId.of(1);
        for (int log = 0; log < LOGS; log++) {
            awaitDone(replicas.get(1).get(log).propose(Bytes.utf8("first")));
            awaitDone(leader(log).transferLeadership(one));
            assertEquals(Reason.NOT_LEADER, refusal(replicas.get(3).get(log).transferLeadership(NodeId.of(2))));
        }
        assertEquals(Reason.UNKNOWN_TARGET, refusal(replicas.get(1).get(0).transferLeadership(NodeId.of(4))));
        awaitDone(replicas.get(1).get(0).transferLeadership(one));

        nodes.get(1).close();
        Replica closed = replicas.remove(1).get(0);
        for (int log = 0; log < LOGS; log++) {
            assertNotEquals(one, leader(log).status().leader());
            awaitDone(replicas.get(2).get(log).propose(Bytes.utf8("next")));
        }
        CompletableFuture<Void> late = closed.transferLeadership(one);
        assertInstanceOf(
                NodeClosedException.class,
                assertThrows(CompletionException.class, late::join).getCause());
    }
}
