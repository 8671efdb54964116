package io.loggos.paxos.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log whose checkpoint takes long holds up its own checkpoints, and those of no other log (RULES.md B-12). */
class SlowCheckpointTest {
    private static final int NODES = 3;
    private static final int LAST = NODES - 1;
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final ReplicaOptions OPTIONS = ReplicaOptions.builder()
            .checkpointEvery(4, 1 << 20)
            .retainedSlots(0)
            .requestTimeout(DEADLINE)
            .build();

    @TempDir
    private Path directory;

    private final CountDownLatch wakeUp = new CountDownLatch(1);
    private final AtomicInteger blocked = new AtomicInteger();
    private final List<Node> nodes = new ArrayList<>();

    /** Keeps its last command. */
    private static class Last implements StateMachine {
        private volatile Bytes last = Bytes.EMPTY;

        @Override
        public Bytes apply(Command command) {
            last = command.payload();
            return last;
        }

        @Override
        public CheckpointWriter checkpoint() {
            String now = last.toUtf8();
            return target -> Files.writeString(target.resolve("last"), now);
        }

        @Override
        public void restore(Path source) throws IOException {
            last = Bytes.utf8(Files.readString(source.resolve("last")));
        }
    }

    /** Writes no checkpoint until the test says so. */
    private final class Slow extends Last {
        @Override
        public CheckpointWriter checkpoint() {
            CheckpointWriter writer = super.checkpoint();
            return target -> {
                blocked.incrementAndGet();
                await().pollInterval(Duration.ofMillis(5))
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> wakeUp.getCount() == 0);
                writer.writeTo(target);
            };
        }
    }

    @BeforeEach
    void open() {
        List<Integer> ports = FreePorts.draw(NODES);
        for (int id = 1; id <= NODES; id++) {
            NodeBuilder builder = Node.builder()
                    .id(id)
                    .listen("127.0.0.1:" + ports.get(id - 1))
                    .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(500)))
                    .dataDirectory(directory.resolve(Integer.toString(id)));
            for (int peer = 1; peer <= NODES; peer++) {
                if (peer != id) {
                    builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
                }
            }
            nodes.add(builder.open());
        }
    }

    @AfterEach
    void close() {
        wakeUp.countDown();
        nodes.forEach(Node::close);
    }

    private void propose(Replica replica, int commands) {
        for (int i = 0; i < commands; i++) {
            Bytes command = Bytes.utf8(replica.status().name() + " " + i);
            assertEquals(
                    command,
                    replica.propose(command)
                            .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                            .join()
                            .value());
        }
    }

    /** Proposes until the replicas have replaced the begin of their log by checkpoints. */
    private void untilTruncated(List<Replica> replicas, long checkpoints) {
        await().atMost(DEADLINE).until(() -> {
            propose(replicas.get(0), 1);
            return replicas.stream()
                    .map(Replica::status)
                    .allMatch(status -> status.checkpointSlot().value() >= checkpoints * OPTIONS.checkpointSlots()
                            && status.firstSlot().value() > 1);
        });
    }

    @Test
    void checkpointsTruncationAndInstallsOfAnotherLogGoOn() {
        List<Replica> slow = new ArrayList<>();
        nodes.forEach(node -> slow.add(node.replicate("slow", new Slow(), OPTIONS)));
        propose(slow.get(0), 8);
        await().atMost(DEADLINE).until(() -> blocked.get() == NODES);

        List<Replica> quick = new ArrayList<>();
        nodes.subList(0, LAST).forEach(node -> quick.add(node.replicate("quick", new Last(), OPTIONS)));
        untilTruncated(quick, 3);

        // What it lacks is in no log any more, so that it has to fetch a checkpoint.
        Last fetched = new Last();
        Replica late = nodes.get(LAST).replicate("quick", fetched, OPTIONS);
        await().atMost(DEADLINE).until(() -> fetched.last.toUtf8().equals("quick 0"));
        late.close();
        assertEquals(NODES, blocked.get());
        assertEquals(0, slow.get(0).status().checkpointSlot().value());

        wakeUp.countDown();
        untilTruncated(slow, 2);
    }
}
