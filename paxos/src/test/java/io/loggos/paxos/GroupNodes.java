package io.loggos.paxos;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.ViewChange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.Meters;
import io.loggos.api.spi.SystemClock;
import io.loggos.api.spi.Transport;
import io.loggos.multicast.grpc.GrpcTransport;
import io.loggos.paxos.runtime.LoggosNode;
import io.loggos.paxos.runtime.NodeEnvironment;
import io.loggos.paxos.runtime.agent.ThreadRunner;
import io.loggos.paxos.runtime.loop.LogServices;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.rocksdb.log.RocksDbStore;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Three real nodes in this JVM for tests of groups, with gRPC, threads and states on disk. */
abstract class GroupNodes {
    static final int NODES = 3;
    static final Duration DEADLINE = Duration.ofSeconds(20);
    static final Duration ELECTION = Duration.ofMillis(500);

    @TempDir
    private Path directory;

    private final List<Integer> ports = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();
    /** The latch that slow listeners wait for. A node cannot be closed while a listener waits. */
    final CountDownLatch wakeUp = new CountDownLatch(1);

    /** Records its events. The record is also the state that new members receive. */
    static class Diary implements GroupListener, GroupState {
        final List<String> entries = new CopyOnWriteArrayList<>();
        final List<ViewChange> views = new CopyOnWriteArrayList<>();
        final List<String> evictions = new CopyOnWriteArrayList<>();

        @Override
        public void onMessage(NodeId from, Bytes message) {
            entries.add(from.value() + ":" + message.toUtf8());
        }

        @Override
        public void onView(ViewChange change) {
            views.add(change);
        }

        @Override
        public void onEvicted(String reason) {
            evictions.add(reason);
        }

        @Override
        public CheckpointWriter capture() {
            List<String> captured = List.copyOf(entries);
            return target -> Files.write(target.resolve("entries"), captured);
        }

        @Override
        public void restore(Path source) throws IOException {
            entries.clear();
            entries.addAll(Files.readAllLines(source.resolve("entries")));
        }
    }

    @BeforeEach
    void open() {
        ports.addAll(FreePorts.draw(NODES));
        for (int id = 1; id <= NODES; id++) {
            nodes.add(builder(id).open());
        }
    }

    @AfterEach
    void close() {
        wakeUp.countDown();
        nodes.forEach(Node::close);
        // A node that went on without the application's code writes into its directory until that code has returned.
        within(() -> assertEquals(
                List.of(),
                Thread.getAllStackTraces().keySet().stream()
                        .map(Thread::getName)
                        .filter(name -> name.startsWith("loggos-") && name.endsWith("-end"))
                        .toList()));
    }

    NodeBuilder builder(int id) {
        NodeBuilder builder = Node.builder()
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .timing(TimingOptions.ofElectionTimeout(ELECTION))
                .dataDirectory(directory.resolve(Integer.toString(id)));
        for (int peer = 1; peer <= NODES; peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        return builder;
    }

    /** Opens the last node again, as one that can be killed. */
    Runnable makeMortal() {
        nodes.remove(2).close();
        NodeOptions options = builder(3).build();
        Clock clock = new SystemClock();
        RocksDbStore store = RocksDbStore.open(
                options.dataDirectory().resolve("log"),
                options.clusterId(),
                options.id(),
                new TreeSet<>(options.members().keySet()),
                options.storage(),
                new SplittableRandom(3));
        Transport transport = new GrpcTransport(
                options.id(),
                options.clusterId(),
                options.listen(),
                options.peers(),
                options.transport(),
                options.security(),
                MeterScope.of(Meters.NONE));
        ThreadRunner threads = new ThreadRunner("mortal", clock, options.userCode());
        NodeEnvironment environment = new NodeEnvironment(
                clock,
                new SplittableRandom(3),
                new SplittableRandom(3),
                store,
                store,
                new DirectoryCheckpointStore(options.dataDirectory().resolve("checkpoints")),
                transport,
                MeterScope.of(Meters.NONE),
                LogServices.Trace.NONE);
        nodes.add(LoggosNode.start(options, environment, threads));
        return () -> {
            nodes.remove(2);
            threads.stop(false, () -> {});
            transport.close();
            store.close();
        };
    }

    static void within(ThrowingRunnable holds) {
        await().atMost(DEADLINE)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptions()
                .untilAsserted(holds);
    }
}
