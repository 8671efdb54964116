package io.loggos.examples.server;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.loggos.api.Address;
import io.loggos.examples.etcd.proto.MaintenanceGrpc;
import io.loggos.examples.etcd.proto.StatusRequest;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A real etcd with one member, on free ports and in a directory of its own. */
public final class RealEtcd implements AutoCloseable {
    public final ManagedChannel channel;
    public final Address address;
    private final Process process;

    private RealEtcd(Process process, Address address, ManagedChannel channel) {
        this.address = address;
        this.process = process;
        this.channel = channel;
    }

    /** Starts it; returns null if etcd is not installed. */
    public static @Nullable RealEtcd start(Path directory) throws IOException {
        List<Integer> ports = FreePorts.draw(2);
        String client = "http://127.0.0.1:" + ports.get(0);
        String peer = "http://127.0.0.1:" + ports.get(1);
        Process process;
        try {
            process = new ProcessBuilder(
                            "etcd",
                            "--name=it",
                            "--data-dir=" + directory.resolve("etcd"),
                            "--listen-client-urls=" + client,
                            "--advertise-client-urls=" + client,
                            "--listen-peer-urls=" + peer,
                            "--initial-advertise-peer-urls=" + peer,
                            "--initial-cluster=it=" + peer)
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("etcd.log").toFile())
                    .start();
        } catch (IOException notInstalled) {
            return null;
        }
        Address address = new Address("127.0.0.1", ports.get(0));
        RealEtcd etcd = new RealEtcd(process, address, LocalServer.connect(address));
        Awaitility.await("etcd answers").atMost(Duration.ofSeconds(30)).until(etcd::answers);
        return etcd;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.destroyForcibly().onExit().join();
    }

    private boolean answers() {
        try {
            return MaintenanceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(1, TimeUnit.SECONDS)
                            .status(StatusRequest.getDefaultInstance())
                            .getLeader()
                    != 0;
        } catch (StatusRuntimeException notYet) {
            return false;
        }
    }
}
