package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.examples.admin.proto.NodeStatusReply;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with wrong input ends with an exit code and one clear line, and changes nothing. */
class WrongInputEndToEndTest {
    @TempDir
    Path directory;

    @Test
    void directoryInUseOrOfAnotherNodeIsRefused() throws Exception {
        List<Integer> ports = TestCluster.freePorts(2);
        List<String> alone = new ArrayList<>(List.of(
                "server", "--listen-peer=127.0.0.1:" + ports.get(0), "--listen-client=127.0.0.1:" + ports.get(1)));
        alone.addAll(List.of("--data=" + directory.resolve("data")));
        try (ServerProcess first = start(with(alone, "--id=1"))) {
            first.awaitReady();

            try (ServerProcess second = start(List.of(
                    "server",
                    "--id=1",
                    "--listen-peer=127.0.0.1:0",
                    "--listen-client=127.0.0.1:0",
                    "--data=" + directory.resolve("data")))) {
                fails(second, 1, "LOCKED");
            }
            assertTrue(first.isAlive());
            first.terminate();
        }

        try (ServerProcess stranger = start(with(alone, "--id=2"))) {
            fails(stranger, 1, "OTHER_IDENTITY");
        }
        try (ServerProcess foreigner = start(with(with(alone, "--id=1"), "--cluster-id=other"))) {
            fails(foreigner, 1, "OTHER_IDENTITY");
        }
        try (ServerProcess again = start(with(alone, "--id=1"))) {
            again.awaitReady();
        }
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            for (String flag : List.of("--listen-client=", "--listen-peer=")) {
                String other = flag.equals("--listen-client=") ? "--listen-peer=" : "--listen-client=";
                try (ServerProcess process = start(List.of(
                        "server",
                        "--id=1",
                        "--data=" + directory.resolve(other),
                        flag + address,
                        other + "127.0.0.1:0"))) {
                    fails(process, 1, address);
                    assertNamesThisProcess(process.errors());
                }
            }
        }
    }

    @Test
    void badFlagsAreAllNamed() throws Exception {
        Path data = directory.resolve("never");
        try (ServerProcess process = start(List.of(
                "server",
                "--id=0",
                "--data=" + data,
                "--peer=2",
                "--listen-peer=nowhere",
                "--election-timeout=soon"))) {
            assertEquals(2, process.awaitExit());
            String errors = process.errors();
            assertTrue(errors.contains("a node id is 1 to 65535, not 0"), errors);
            assertTrue(errors.contains("--peer is ID=host:port, not \"2\""), errors);
            assertTrue(errors.contains("listen-peer: not host:port: \"nowhere\""), errors);
            assertTrue(errors.contains("election-timeout: a duration is like 500ms"), errors);
            assertFalse(Files.exists(data));
        }
        try (ServerProcess process = start(List.of("server", "--no-such-flag"))) {
            fails(process, 2, "--no-such-flag");
        }
    }

    @Test
    void nodeOfAnotherClusterGetsNowhere() throws Exception {
        try (TestCluster cluster = new TestCluster(directory).startAll()) {
            NodeStatusReply before = cluster.status(cluster.awaitLeader());
            String client = "127.0.0.1:" + TestCluster.freePorts(1).get(0);
            List<String> arguments = new ArrayList<>(List.of(
                    "server",
                    "--id=4",
                    "--cluster-id=another",
                    "--data=" + directory.resolve("stranger"),
                    "--listen-peer=127.0.0.1:0",
                    "--listen-client=" + client));
            for (int id = 1; id <= TestCluster.NODES; id++) {
                arguments.add("--peer=" + id + "=" + cluster.peer(id));
            }
            try (ServerProcess stranger = start(arguments)) {
                Awaitility.await("the stranger is told")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> stranger.errors().contains("cluster"));
                Awaitility.await("the cluster's log names the stranger")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> cluster.process(1).errors().contains("another"));
                Awaitility.await("the stranger's status")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> {
                            StringWriter status = new StringWriter();
                            int end = Loggos.commandLine()
                                    .setOut(new PrintWriter(status))
                                    .execute("status", "--endpoints", client);
                            return end == 1 && status.toString().contains("no link with n");
                        });
                assertEquals("", stranger.output(), "it is not ready, since it is no member");
            }
            NodeStatusReply after = cluster.status(cluster.awaitLeader());
            assertEquals(before.getBallotRound(), after.getBallotRound());
            assertEquals(before.getLeader(), after.getLeader());
        }
    }

    private static void assertNamesThisProcess(String errors) {
        if (Files.exists(Path.of("/proc/net/tcp"))) {
            String holder = "(process " + ProcessHandle.current().pid() + "), which listens on it";
            assertTrue(errors.contains(holder), errors);
        }
    }

    private ServerProcess start(List<String> arguments) throws IOException {
        return ServerProcess.start(directory, "server", arguments);
    }

    private static List<String> with(List<String> arguments, String more) {
        List<String> all = new ArrayList<>(arguments);
        all.add(more);
        return all;
    }

    private static void fails(ServerProcess process, int exitCode, String error) throws InterruptedException {
        int code = process.awaitExit();
        assertEquals(exitCode, code, process.errors());
        assertTrue(process.errors().contains(error), process.errors());
        assertFalse(process.errors().contains("\tat "), process.errors());
        assertEquals("", process.output());
    }
}
