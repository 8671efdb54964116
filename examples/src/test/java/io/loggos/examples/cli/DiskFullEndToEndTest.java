package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.loggos.examples.etcd.proto.KVGrpc;
import io.loggos.examples.etcd.proto.PutRequest;
import io.loggos.examples.etcd.proto.RangeRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that is full ends the server with exit code 3, and whoever starts it again, once there is room, finds every
 * answered write.
 *
 * <p>The disk is a small one in memory, which a shell mounts in a namespace of its own and which ends with it. The shell
 * is also the supervisor: it starts the server for each line that it reads.
 */
class DiskFullEndToEndTest {
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final String SUPERVISOR =
            "mount -t tmpfs -o size=64m tmpfs \"$0\" || exit 9; while read go; do \"$@\"; echo \"exit $?\"; done";
    private static final int PIECE_BYTES = 64 << 10;
    private static final int MOST_PUTS = 2_000;

    @TempDir
    Path directory;

    private final List<Integer> ports = TestCluster.freePorts(2);
    private Process supervisor;
    private Writer starts;
    private Path output;
    private ManagedChannel channel;

    @BeforeEach
    void mount() throws Exception {
        output = directory.resolve("output");
        assumeTrue(hasNamespaces(), "unshare must be allowed to mount a file system");
        List<String> command = new ArrayList<>(List.of("unshare", "-rm", "sh", "-c", SUPERVISOR, disk().toString()));
        command.addAll(NodeProcess.javaCommand());
        command.addAll(List.of("server", "--id=1", "--data=" + disk().resolve("data"), "--request-timeout=2s"));
        command.addAll(List.of("--listen-peer=127.0.0.1:" + ports.get(0), "--listen-client=127.0.0.1:" + ports.get(1)));
        supervisor = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        starts = supervisor.outputWriter(StandardCharsets.UTF_8);
        channel = NettyChannelBuilder.forTarget("dns:///127.0.0.1:" + ports.get(1))
                .usePlaintext()
                .build();
    }

    private boolean hasNamespaces() throws IOException, InterruptedException {
        Files.createDirectories(disk());
        try {
            return new ProcessBuilder("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", disk().toString())
                            .redirectErrorStream(true)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such program
        }
    }

    @AfterEach
    void end() {
        if (supervisor != null) {
            channel.shutdownNow();
            supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
            supervisor.destroyForcibly().onExit().join();
        }
    }

    private Path disk() {
        return directory.resolve("disk");
    }

    /** The disk, as the supervisor sees it. */
    private Path mounted() {
        return Path.of("/proc/" + supervisor.pid() + "/root" + disk());
    }

    private void startServer() throws IOException {
        starts.write("go\n");
        starts.flush();
    }

    private void awaitOutput(String text, int times) {
        Awaitility.await(text).atMost(SOON).untilAsserted(() -> {
            String all = Files.readString(output);
            assertEquals(times, all.split(text, -1).length - 1, all);
        });
    }

    private KVGrpc.KVBlockingStub client() {
        return KVGrpc.newBlockingStub(channel).withWaitForReady().withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private void put(int key) {
        client().put(PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8("key-" + key))
                .setValue(ByteString.copyFrom(new byte[1_000]))
                .build());
    }

    private void fill(Path filler) {
        byte[] piece = new byte[PIECE_BYTES];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(piece);
            }
        } catch (IOException e) {
            assertTrue(String.valueOf(e.getMessage()).contains("No space left"), e::toString);
        }
    }

    @Test
    void aFullDiskEndsTheServerAndItsNextStartHasEveryAnsweredWrite() throws Exception {
        startServer();
        awaitOutput("ready: clients on", 1);
        put(0);
        fill(mounted().resolve("filler"));
        int answered = 1;
        try {
            while (answered < MOST_PUTS) {
                put(answered);
                answered++;
            }
        } catch (StatusRuntimeException e) {
            // The first write for which there is no room.
        }
        assertTrue(answered < MOST_PUTS, "the disk is full");
        awaitOutput("exit 3", 1);
        assertTrue(Files.readString(output).contains("STORAGE_FULL"), Files.readString(output));

        Files.delete(mounted().resolve("filler"));
        startServer();
        awaitOutput("ready: clients on", 2);
        long kept = client().range(RangeRequest.newBuilder()
                        .setKey(ByteString.copyFromUtf8("key-"))
                        .setRangeEnd(ByteString.copyFromUtf8("key."))
                        .setCountOnly(true)
                        .build())
                .getCount();
        assertTrue(kept >= answered, kept + " of " + answered);
        put(answered);
    }
}
