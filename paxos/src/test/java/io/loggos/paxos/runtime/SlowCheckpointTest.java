package io.loggos.paxos.runtime;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.node.Node;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.testkit.LastCommand;
import io.loggos.testkit.network.FreePorts;
import io.loggos.testkit.network.LocalNodes;
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

    /** Writes no checkpoint until the test says so. */
    private final class Slow extends LastCommand {
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
            nodes.add(LocalNodes.builder(id, ports, directory).open());
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
        nodes.subList(0, LAST).forEach(node -> quick.add(node.replicate("quick", new LastCommand(), OPTIONS)));
        untilTruncated(quick, 3);

        // What it lacks is in no log any more, so that it has to fetch a checkpoint.
        LastCommand fetched = new LastCommand();
        Replica late = nodes.get(LAST).replicate("quick", fetched, OPTIONS);
        await().atMost(DEADLINE).until(() -> fetched.last.toUtf8().equals("quick 0"));
        late.close();
        assertEquals(NODES, blocked.get());
        assertEquals(0, slow.get(0).status().checkpointSlot().value());

        wakeUp.countDown();
        untilTruncated(slow, 2);
    }
}
