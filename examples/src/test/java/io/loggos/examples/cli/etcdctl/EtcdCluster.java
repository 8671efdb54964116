package io.loggos.examples.cli.etcdctl;

import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Members of a real etcd, on free ports and in directories of their own. */
final class EtcdCluster implements AutoCloseable {
    private static final int MEMBERS = 3;
    private static final long ASK_SECONDS = 10;

    private final List<Process> processes = new ArrayList<>();
    private final List<String> clients;

    private EtcdCluster(List<String> clients) {
        this.clients = clients;
    }

    /** Starts it; returns null if etcd is not installed. */
    static @Nullable EtcdCluster start(Path directory) throws IOException {
        return start(directory, MEMBERS, member -> {});
    }

    /** Starts one member on what {@code etcdctl} makes of a saved snapshot; returns null if etcd is not installed. */
    static @Nullable EtcdCluster restored(Path directory, Path saved) throws IOException {
        return start(
                directory,
                1,
                member -> new Etcdctl(directory, List.of(), ASK_SECONDS)
                        .succeed(
                                "snapshot",
                                "restore",
                                saved.toString(),
                                "--name=" + member.name(),
                                "--data-dir=" + member.data(),
                                "--initial-advertise-peer-urls=" + member.peer(),
                                "--initial-cluster=" + member.name() + "=" + member.peer()));
    }

    /** A member that is to be started. */
    private record Member(String name, Path data, String client, String peer) {}

    /** A preparation before the start of a member. */
    private interface Preparation {
        void of(Member member) throws Exception;
    }

    private static @Nullable EtcdCluster start(Path directory, int count, Preparation preparation) throws IOException {
        List<Integer> ports = FreePorts.draw(2 * count);
        List<String> addresses = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        String all = IntStream.range(0, count)
                .mapToObj(i -> "e" + (i + 1) + "=http://" + addresses.get(count + i))
                .collect(Collectors.joining(","));
        EtcdCluster cluster = new EtcdCluster(addresses.subList(0, count));
        try {
            for (int i = 0; i < count; i++) {
                Member member = new Member(
                        "e" + (i + 1),
                        directory.resolve("etcd-" + i),
                        "http://" + addresses.get(i),
                        "http://" + addresses.get(count + i));
                preparation.of(member);
                cluster.processes.add(new ProcessBuilder(
                                "etcd",
                                "--name=" + member.name(),
                                "--data-dir=" + member.data(),
                                "--listen-client-urls=" + member.client(),
                                "--advertise-client-urls=" + member.client(),
                                "--listen-peer-urls=" + member.peer(),
                                "--initial-advertise-peer-urls=" + member.peer(),
                                "--initial-cluster=" + all)
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("etcd-" + i + ".log").toFile())
                        .start());
            }
        } catch (IOException notInstalled) {
            cluster.close();
            return null;
        } catch (Exception failed) {
            cluster.close();
            throw new AssertionError("a member was not prepared", failed);
        }
        Etcdctl etcdctl = new Etcdctl(directory, cluster.clients, ASK_SECONDS);
        Awaitility.await("etcd is healthy")
                .atMost(Duration.ofSeconds(60))
                .until(() -> etcdctl.run("endpoint", "health").startsWith("exit 0"));
        return cluster;
    }

    /** Kills a member; the first has the number 1. */
    void kill(int member) {
        processes.get(member - 1).destroyForcibly().onExit().join();
    }

    /** Returns the addresses for clients. */
    List<String> clients() {
        return clients;
    }

    @Override
    public void close() {
        processes.forEach(process -> process.destroyForcibly().onExit().join());
    }
}
