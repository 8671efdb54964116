package io.loggos.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Exit codes and texts of the commands that start no server. */
class LoggosTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void versionAndHelp() {
        assertEquals(0, run("--version"));
        assertEquals("loggos 0.1.0", out.toString().strip());
        for (List<String> help : List.of(
                List.of("--help"),
                List.of("help", "server"),
                List.of("server", "--help"),
                List.of("cluster", "--help"),
                List.of("leader", "transfer", "--help"),
                List.of("log", "skip", "--help"),
                List.of("status", "--help"))) {
            out.getBuffer().setLength(0);
            assertEquals(0, run(help.toArray(String[]::new)));
            assertTrue(out.toString().contains("Usage: loggos"), out.toString());
        }
    }

    @Test
    void badUsageIsCodeTwo() {
        assertEquals(2, run());
        assertEquals(2, run("dance"));
        assertEquals(2, run("server", "--id"));
        assertEquals(2, run("cluster", "--client-ports=1,x"));
        assertEquals(2, run("leader"));
        assertEquals(2, run("leader", "transfer", "--to=x"));
        assertEquals(2, run("log", "skip"));
        assertEquals(2, run("log", "skip", "--slot=0"));
        assertEquals(2, run("log", "skip", "--slot=7", "--without=0"));
        assertEquals(2, run("status", "--endpoints=nowhere"));
        assertTrue(err.toString().contains("Try 'loggos status --help'."), err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void clusterRefusesPortsThatDoNotFit() {
        String data = "--data=" + directory;
        assertEquals(2, run("cluster", data, "--nodes=3", "--client-ports=1,1,70000,4"));
        assertTrue(err.toString().contains("names 4 ports for 3 nodes"), err.toString());
        assertTrue(err.toString().contains("names a port twice"), err.toString());
        assertTrue(err.toString().contains("a port is 1 to 65535, not 70000"), err.toString());
        assertEquals(2, run("cluster", data, "--nodes=0"));
        assertEquals(2, run("cluster", data, "--nodes=32"));

        new ClusterLayout("c", List.of(new ClusterLayout.Ports(1, 2, 3))).save(directory);
        assertEquals(2, run("cluster", data, "--nodes=3"));
        assertTrue(err.toString().contains("has 1 nodes, not 3"), err.toString());
    }

    @Test
    void statusShowsWhoIsUnreachable() throws Exception {
        int port = TestCluster.freePorts(1).get(0);

        assertEquals(1, run("status", "--endpoints=http://127.0.0.1:" + port));
        List<String> lines = out.toString().lines().toList();
        assertTrue(lines.get(0).startsWith("ENDPOINT"), lines.get(0));
        assertTrue(lines.get(1).startsWith("127.0.0.1:" + port + "  -     unreachable"), lines.get(1));

        out.getBuffer().setLength(0);
        assertEquals(1, run("status", "--json", "--endpoints=127.0.0.1:" + port));
        String json = out.toString().strip();
        assertTrue(json.startsWith("[{\"endpoint\":\"127.0.0.1:" + port + "\",\"reachable\":false,\"error\":\""), json);
        assertTrue(json.endsWith("\"}]"), json);
    }

    @Test
    void transferNeedsALeader() {
        int port = TestCluster.freePorts(1).get(0);

        assertEquals(1, run("leader", "transfer", "--endpoints=127.0.0.1:" + port));
        assertTrue(err.toString().contains("no member that answers leads"), err.toString());
    }

    private int run(String... arguments) {
        CommandLine commandLine = Loggos.commandLine();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(arguments);
    }
}
