package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.loggos.examples.cli.client.LoadClient;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Restarts all three processes one after the other under writes. Each leader hands over before it ends. */
class RollingRestartEndToEndTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** Writes keys one after the other. A write that a server does not take goes to the next server. */
    private static final class Writer implements AutoCloseable {
        private final List<ManagedChannel> channels = new ArrayList<>();
        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        /** The written values by key. */
        private final Map<String, String> written = new TreeMap<>();
        /** The errors of writes that needed more than one retry. */
        private final List<String> failures = new ArrayList<>();

        private final AtomicInteger count = new AtomicInteger();
        private volatile boolean stopped;

        Writer(TestCluster cluster) {
            for (int id = 1; id <= TestCluster.NODES; id++) {
                channels.add(cluster.channel(id));
            }
            thread.execute(() -> {
                for (int i = 0; !stopped; i++) {
                    write("key " + i);
                }
            });
        }

        private void write(String key) {
            String value = "value of " + key;
            List<String> errors = new ArrayList<>();
            while (true) {
                try {
                    KVGrpc.newBlockingStub(channels.get(0))
                            .withDeadlineAfter(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .put(PutRequest.newBuilder()
                                    .setKey(ByteString.copyFromUtf8(key))
                                    .setValue(ByteString.copyFromUtf8(value))
                                    .build());
                    break;
                } catch (StatusRuntimeException refused) {
                    errors.add(refused.getStatus().toString());
                    channels.add(channels.remove(0));
                }
            }
            if (errors.size() > 1) {
                failures.add(key + ": " + errors);
            }
            written.put(key, value);
            count.incrementAndGet();
        }

        void awaitWrites(int more) {
            int least = count.get() + more;
            Awaitility.await(least + " writes").atMost(PATIENCE).until(() -> count.get() >= least);
        }

        void stop() throws InterruptedException {
            stopped = true;
            thread.shutdown();
            assertTrue(thread.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS), "a write does not end");
        }

        @Override
        public void close() {
            stopped = true;
            thread.shutdownNow();
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    @Test
    void noWriteFailsBeyondOneRetry() throws Exception {
        try (TestCluster cluster = new TestCluster(directory).startAll();
                Writer writer = new Writer(cluster)) {
            for (int restart = 0; restart < TestCluster.NODES; restart++) {
                writer.awaitWrites(50);
                int leader = cluster.awaitLeader();
                cluster.process(leader).terminate();
                writer.awaitWrites(50);
                cluster.start(leader).awaitReady();
                cluster.awaitCaughtUp(leader, PATIENCE);
            }
            int leader = cluster.awaitLeader();
            int target = leader % TestCluster.NODES + 1;
            assertEquals(
                    "n" + target, loggos("leader", "transfer", "--to=" + target, "--endpoints=" + cluster.endpoints()));
            assertEquals(target, cluster.awaitLeader());
            writer.awaitWrites(50);
            writer.stop();
            assertEquals(List.of(), writer.failures);
            for (int id = 1; id <= TestCluster.NODES; id++) {
                ManagedChannel channel = cluster.channel(id);
                try {
                    assertEquals(writer.written, new TreeMap<>(LoadClient.readAll(channel, false)));
                } finally {
                    channel.shutdownNow();
                }
            }
        }
    }

    private static String loggos(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Loggos.commandLine();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        assertEquals(0, commandLine.execute(arguments), err::toString);
        return out.toString().strip();
    }
}
