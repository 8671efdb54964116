package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.loggos.examples.cli.client.LoadClient;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.KeyValue;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import io.loggos.examples.files.DirectoryTree;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Takes and exports snapshots of real processes under load, wipes and restores the cluster, and refuses damaged
 * snapshots.
 */
class SnapshotEndToEndTest {
    private static final int ENOUGH = 300;
    /** On a slow machine it takes long until all nodes are in one view. */
    private static final String PATIENT = "--deadline=240";

    /** No node fails here, so a machine that is only slow should not cause elections. */
    private static final String CALM = "--election-timeout=5s";

    @TempDir
    private Path directory;

    /** The result of a command. */
    private record Ran(int code, String out, String err) {
        String succeeded() {
            assertEquals(0, code, err + out);
            return out.strip();
        }

        void failedWith(String... texts) {
            assertEquals(1, code, out + err);
            for (String text : texts) {
                assertTrue(err.contains(text), () -> "\"" + text + "\" in: " + err);
            }
        }
    }

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Loggos.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        int code = command.execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    @Test
    void aWipedClusterIsRestoredToTheCut() throws IOException, InterruptedException {
        Path exported = directory.resolve("exported");
        Set<String> before;
        Set<String> after;
        Path first = Files.createDirectory(directory.resolve("first"));
        try (TestCluster cluster = new TestCluster(first, CALM).startAll();
                LoadClient load = new LoadClient(TestCluster.NODES, cluster::channel).begin("load/")) {
            awaitCount(load, ENOUGH);
            before = load.acknowledged();
            String endpoints = "--endpoints=" + cluster.endpoints();
            String id = run("snapshot", "create", PATIENT, endpoints).succeeded();
            Set<String> atMost = load.begun();
            awaitCount(load, load.count() + ENOUGH);
            assertTrue(run("snapshot", "list", endpoints).succeeded().contains(id));
            assertEquals(
                    3,
                    run("snapshot", "verify", endpoints, id).succeeded().lines().count());
            assertTrue(run("snapshot", "export", endpoints, "--id=" + id, exported.toString())
                    .succeeded()
                    .contains(id));
            Path picture = directory.resolve("cut.svg");
            run("snapshot", "draw", endpoints, picture.toString()).succeeded();
            assertTrue(Files.readString(picture).contains("</svg>"));
            run("snapshot", "delete", endpoints, id).succeeded();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> !run("snapshot", "list", endpoints).out().contains(id));
            load.stop();
            after = atMost;
        }
        DirectoryTree.delete(first);
        run("snapshot", "verify", "--directory=" + exported).succeeded();
        run(
                        "snapshot",
                        "draw",
                        "--directory=" + exported,
                        directory.resolve("again.svg").toString())
                .succeeded();

        Path second = Files.createDirectory(directory.resolve("second"));
        try (TestCluster cluster = new TestCluster(second, CALM)) {
            for (int node = 1; node <= TestCluster.NODES; node++) {
                run(restore(cluster, node, exported)).succeeded();
            }
            cluster.startAll();
            Map<String, String> restored = contents(cluster, 1);
            assertTrue(restored.keySet().containsAll(before), "all that was acknowledged before");
            assertTrue(after.containsAll(restored.keySet()), "nothing that began afterwards");
            // A write that was repeated has a second version.
            assertEquals(versions(cluster, 1), revision(cluster, 1) - 1, "a state that the cluster was in");
            for (int node = 2; node <= TestCluster.NODES; node++) {
                assertEquals(restored, contents(cluster, node));
            }
            put(cluster, 2, "after", "the restore");
            assertEquals("the restore", contents(cluster, 3).get("after"));
            run("snapshot", "create", PATIENT, "--endpoints=" + cluster.endpoints())
                    .succeeded();
        }
    }

    @Test
    void damageIsRefusedAndNothingOverwritten() throws IOException, InterruptedException {
        Path exported = directory.resolve("exported");
        Path first = Files.createDirectory(directory.resolve("first"));
        try (TestCluster cluster = new TestCluster(first, CALM).startAll()) {
            put(cluster, 1, "key", "value");
            String endpoints = "--endpoints=" + cluster.endpoints();
            run("snapshot", "create", PATIENT, endpoints).succeeded();
            run("snapshot", "export", endpoints, exported.toString()).succeeded();
            run("snapshot", "export", endpoints, exported.toString()).failedWith("not an empty directory");
            run("snapshot", "verify", endpoints, "9-0000000000000000-9").failedWith("no snapshot");
        }
        TestCluster other = new TestCluster(Files.createDirectory(directory.resolve("other")));
        Path file = largest(exported);

        Path truncated = copy(exported, "truncated");
        try (FileChannel channel =
                FileChannel.open(truncated.resolve(exported.relativize(file)), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
        refused(other, truncated, file.getFileName().toString());

        Path flipped = copy(exported, "flipped");
        try (FileChannel channel = FileChannel.open(
                flipped.resolve(exported.relativize(file)), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, channel.size() / 2);
            one.put(0, (byte) (one.get(0) ^ 1)).flip();
            channel.write(one, channel.size() / 2);
        }
        refused(other, flipped, file.getFileName().toString());

        Path missing = copy(exported, "missing");
        DirectoryTree.delete(missing.resolve("node-2"));
        refused(other, missing, "node");

        List<String> foreign = new ArrayList<>(List.of(restore(other, 1, exported)));
        foreign.add("--of-cluster=another");
        run(foreign.toArray(String[]::new)).failedWith("another");

        run(restore(other, 1, exported)).succeeded();
        Set<Path> made = files(other.data(1));
        run(restore(other, 1, exported)).failedWith(other.data(1).toString());
        assertEquals(made, files(other.data(1)), "nothing is overwritten");
    }

    private static void refused(TestCluster other, Path snapshot, String named) throws IOException {
        run(restore(other, 1, snapshot)).failedWith(named);
        assertFalse(Files.exists(other.data(1)), "nothing is left of a restore that was refused");
    }

    private static String[] restore(TestCluster cluster, int node, Path exported) {
        List<String> arguments = new ArrayList<>(List.of("restore", exported.toString()));
        cluster.arguments(node).stream()
                .filter(each -> each.startsWith("--id")
                        || each.startsWith("--data")
                        || each.startsWith("--cluster-id")
                        || each.startsWith("--listen-peer")
                        || each.startsWith("--peer"))
                .forEach(arguments::add);
        return arguments.toArray(String[]::new);
    }

    private static void awaitCount(LoadClient load, int count) {
        Awaitility.await("load").atMost(Duration.ofSeconds(60)).until(() -> load.count() >= count);
    }

    private static Map<String, String> contents(TestCluster cluster, int node) {
        ManagedChannel channel = cluster.channel(node);
        try {
            return LoadClient.readAll(channel, false);
        } finally {
            channel.shutdownNow();
        }
    }

    /** Returns the number of writes to all keys, which have never been deleted. */
    private static long versions(TestCluster cluster, int node) {
        ManagedChannel channel = cluster.channel(node);
        try {
            ByteString all = ByteString.copyFrom(new byte[1]);
            return KVGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .range(RangeRequest.newBuilder()
                            .setKey(all)
                            .setRangeEnd(all)
                            .setKeysOnly(true)
                            .build())
                    .getKvsList()
                    .stream()
                    .mapToLong(KeyValue::getVersion)
                    .sum();
        } finally {
            channel.shutdownNow();
        }
    }

    private static long revision(TestCluster cluster, int node) {
        ManagedChannel channel = cluster.channel(node);
        try {
            return KVGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .range(RangeRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("none"))
                            .build())
                    .getHeader()
                    .getRevision();
        } finally {
            channel.shutdownNow();
        }
    }

    private static void put(TestCluster cluster, int node, String key, String value) {
        ManagedChannel channel = cluster.channel(node);
        try {
            KVGrpc.newBlockingStub(channel)
                    .withWaitForReady()
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .put(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8(key))
                            .setValue(ByteString.copyFromUtf8(value))
                            .build());
        } finally {
            channel.shutdownNow();
        }
    }

    private Path copy(Path from, String name) throws IOException {
        Path to = directory.resolve(name);
        try (Stream<Path> all = Files.walk(from)) {
            all.forEach(each -> {
                try {
                    Files.copy(each, to.resolve(from.relativize(each)));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return to;
    }

    private static Path largest(Path directory) throws IOException {
        return files(directory).stream()
                .max((a, b) -> Long.compare(a.toFile().length(), b.toFile().length()))
                .orElseThrow();
    }

    private static Set<Path> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return new TreeSet<>(all.filter(Files::isRegularFile).toList());
        }
    }
}
