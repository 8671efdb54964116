package io.loggos.paxos.runtime.events;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.UnavailableException;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.NodeEvent;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
import io.loggos.testkit.network.FreePorts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of a cluster of three real nodes that forms, loses its quorum and gets it back. */
class NodeEventsEndToEndTest {
    private static final int NODES = 3;
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final NodeId N2 = NodeId.of(2);
    private static final ReplicaOptions OPTIONS =
            ReplicaOptions.builder().requestTimeout(Duration.ofSeconds(1)).build();

    @TempDir
    private Path directory;

    private final List<Integer> ports = FreePorts.draw(NODES);
    private final List<Node> open = new ArrayList<>();
    private final List<NodeEvent> seen = new CopyOnWriteArrayList<>();

    /** Answers each command with itself. */
    private static final class Echo implements StateMachine {
        @Override
        public Bytes apply(Command command) {
            return command.payload();
        }

        @Override
        public CheckpointWriter checkpoint() {
            return target -> Files.writeString(target.resolve("nothing"), "nothing");
        }

        @Override
        public void restore(Path source) {
            // There is no state.
        }
    }

    private Node open(int id) {
        NodeBuilder builder = Node.builder()
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(300)))
                .dataDirectory(directory.resolve(Integer.toString(id)));
        IntStream.rangeClosed(1, NODES)
                .filter(peer -> peer != id)
                .forEach(peer -> builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1)));
        Node node = builder.open();
        open.add(node);
        return node;
    }

    @AfterEach
    void close() {
        open.forEach(Node::close);
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    private static <X extends LoggosException> String failure(Class<X> type, CompletableFuture<?> future) {
        CompletionException failed = assertThrows(CompletionException.class, () -> get(future));
        return assertInstanceOf(type, failed.getCause()).getMessage();
    }

    private void awaitEvent(Class<? extends NodeEvent> type) {
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertTrue(seen.stream().anyMatch(type::isInstance), seen::toString));
    }

    @Test
    void formingLeadersQuorumAndCloseAreSeen() {
        Node one = open(1);
        one.onEvent(seen::add);
        Replica replica = one.replicate("log", new Echo(), OPTIONS);
        CompletableFuture<Void> ready = one.ready();
        String alone = failure(UnavailableException.class, replica.awaitLeader(Duration.ofMillis(700)));
        assertTrue(alone.contains("node 1 of 3 in contact, 2 needed; a new cluster waits for nodes 2, 3"), alone);
        awaitEvent(NodeEvent.PeerUnreachable.class);
        assertFalse(ready.isDone());

        Node two = open(2);
        two.replicate("log", new Echo(), OPTIONS);
        awaitEvent(NodeEvent.QuorumBack.class);
        assertFalse(ready.isDone(), "the third node was not met");
        Node three = open(3);
        three.replicate("log", new Echo(), OPTIONS);
        get(ready);
        get(two.ready());
        NodeId leader = get(replica.awaitLeader(DEADLINE));
        get(replica.propose(Bytes.utf8("x")));
        awaitEvent(NodeEvent.Formed.class);
        await().atMost(DEADLINE)
                .untilAsserted(() -> assertTrue(
                        seen.stream()
                                .anyMatch(event -> event instanceof NodeEvent.LeaderChanged changed
                                        && changed.log().equals("log")
                                        && leader.equals(changed.leader())),
                        seen::toString));

        two.close();
        three.close();
        awaitEvent(NodeEvent.QuorumLost.class);
        String lost = failure(LoggosException.class, replica.propose(Bytes.utf8("x")));
        assertTrue(lost.contains("node 1 of 3 in contact, 2 needed"), lost);

        seen.clear();
        open(2).replicate("log", new Echo(), OPTIONS);
        awaitEvent(NodeEvent.QuorumBack.class);
        assertTrue(seen.contains(new NodeEvent.PeerReachable(N2)), seen::toString);
        get(open.get(open.size() - 1).ready());

        one.close();
        failure(NodeClosedException.class, replica.awaitLeader(DEADLINE));
    }

    /** The log of the node has the same sentences. */
    @Test
    void eachEventIsASentence() {
        assertEquals(
                "waits for nodes 2, 3 to form the cluster",
                new NodeEvent.Waiting(new TreeSet<>(List.of(N2, NodeId.of(3)))).toString());
        assertEquals(
                "the quorum is lost: only node 2 in contact, and 2 are needed",
                new NodeEvent.QuorumLost(new TreeSet<>(List.of(N2)), 2).toString());
    }

    @Test
    void aNodeThatClosesBeforeItsClusterFormsFailsReady() {
        Node one = open(1);
        CompletableFuture<Void> ready = one.ready();
        one.close();
        failure(NodeClosedException.class, ready);
        failure(NodeClosedException.class, one.ready());
    }
}
