package io.loggos.examples.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.loggos.examples.cli.etcdctl.Etcdctl;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the real etcdctl against three real server processes. The expected output is that of etcdctl 3.4.23 against etcd
 * 3.4.23 for the same commands in the same order.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class EtcdctlEndToEndTest {
    @TempDir
    static Path directory;

    private static TestCluster cluster;

    /** The output of a run of etcdctl: stdout, and the lines of stderr. */
    private record Output(int exitCode, String out, List<String> err) {
        /** Returns the error: the last line of stderr, since etcdctl also logs there. */
        String error() {
            return err.isEmpty() ? "" : err.get(err.size() - 1);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        boolean installed = Etcdctl.isInstalled();
        if (!installed) {
            System.out.println("skipped: etcdctl is not installed");
        }
        assumeTrue(installed, "etcdctl is not installed");
        cluster = new TestCluster(directory).startAll();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    @Order(1)
    void putAndGet() throws Exception {
        prints("OK\n", "put", "greeting", "hello");
        prints("greeting\nhello\n", "get", "greeting");
        prints("", "get", "nothing");
        prints("OK\n", "put", "a/1", "one");
        prints("OK\n", "put", "a/2", "two");
        prints("OK\n", "put", "a/3", "three");
        prints("a/1\none\na/2\ntwo\na/3\nthree\n", "get", "--prefix", "a/");
        prints("a/1\n\na/2\n\na/3\n\n", "get", "--prefix", "a/", "--keys-only");
        prints("a/2\ntwo\na/3\nthree\na/1\none\n", "get", "--prefix", "a/", "--sort-by=VALUE", "--order=DESCEND");
        prints("one\ntwo\nthree\n", "get", "--prefix", "a/", "--print-value-only");
        prints("a/1\none\na/2\ntwo\na/3\nthree\ngreeting\nhello\n", "get", "", "--from-key");
        prints("a/1\none\na/2\ntwo\n", "get", "a/1", "a/3");
        prints("greeting\nhello\n", "get", "--consistency=l", "greeting");
    }

    @Test
    @Order(2)
    void putWithOptions() throws Exception {
        prints("OK\na/1\none\n", "put", "a/1", "uno", "--prev-kv");
        prints("OK\n", "put", "greeting", "--ignore-value");
        fails("etcdserver: key not found", "put", "missing", "--ignore-value");
        fails("etcdserver: requested lease not found", "put", "greeting", "x", "--lease=123");
        prints("OK\n", "put", "greeting", "x", "--ignore-lease");
        fails("etcdserver: key is not provided", "put", "", "x");
        fails("etcdserver: key is not provided", "get", "");
    }

    @Test
    @Order(3)
    void getAtARevision() throws Exception {
        prints("a/1\none\n", "get", "a/1", "--rev=3");
        fails("etcdserver: mvcc: required revision is a future revision", "get", "a/1", "--rev=1000");
        String json =
                run("", "get", "--prefix", "a/", "--limit=2", "-w", "json").out();
        String normal =
                json.replaceFirst("\"cluster_id\":\\d+,\"member_id\":\\d+", "").replaceFirst(",\"raft_term\":\\d+", "");
        assertEquals(
                "{\"header\":{,\"revision\":8},\"kvs\":["
                        + "{\"key\":\"YS8x\",\"create_revision\":3,\"mod_revision\":6,\"version\":2,\"value\":\"dW5v\"},"
                        + "{\"key\":\"YS8y\",\"create_revision\":4,\"mod_revision\":4,\"version\":1,\"value\":\"dHdv\"}],"
                        + "\"more\":true,\"count\":3}\n",
                normal);
    }

    @Test
    @Order(4)
    void delete() throws Exception {
        prints("1\n", "del", "a/2");
        prints("0\n", "del", "nothing");
        prints("2\na/1\nuno\na/3\nthree\n", "del", "--prefix", "a/", "--prev-kv");
    }

    @Test
    @Order(5)
    void transaction() throws Exception {
        prints("OK\n", "put", "k", "v");
        assertEquals(
                "SUCCESS\n\nOK\n\nk\nv\n",
                run("value(\"k\") = \"v\"\n\nput r1 yes\nget k\n\nput r1 no\n\n", "txn")
                        .out());
        assertEquals(
                "FAILURE\n\nOK\n\nr1\nno\n\n1\n",
                run("mod(\"k\") > \"100\"\n\nput r1 yes\n\nput r1 no\nget r1\ndel k\n\n", "txn")
                        .out());
        Output twice = run("\n\nput r1 yes\nput r1 no\n\n\n", "txn");
        assertEquals(1, twice.exitCode());
        assertEquals("Error: etcdserver: duplicate key given in txn request", twice.error());
        assertTrue(run("create(\"zz\") = \"0\"\n\nput zz 1\nget zz\ndel nix\n\n\n", "txn")
                .out()
                .startsWith("SUCCESS\n"));
    }

    @Test
    @Order(6)
    void compaction() throws Exception {
        prints("compacted revision 5\n", "compact", "5");
        fails("etcdserver: mvcc: required revision has been compacted", "compact", "5");
        fails("etcdserver: mvcc: required revision has been compacted", "compact", "3");
        fails("etcdserver: mvcc: required revision is a future revision", "compact", "99999");
        fails("etcdserver: mvcc: required revision has been compacted", "get", "a/1", "--rev=3");
        prints("compacted revision 6\n", "compact", "6", "--physical");
    }

    @Test
    @Order(7)
    void members() throws Exception {
        List<String> lines = run("", "member", "list").out().lines().toList();

        assertEquals(3, lines.size());
        for (int id = 1; id <= 3; id++) {
            String rest =
                    ", started, n" + id + ", http://" + cluster.peer(id) + ", http://" + cluster.client(id) + ", false";
            assertTrue(lines.stream().anyMatch(line -> line.matches("[0-9a-f]{8,16}" + Pattern.quote(rest))), rest);
        }
        List<Long> numbers = lines.stream()
                .map(line -> Long.parseUnsignedLong(line.substring(0, line.indexOf(',')), 16))
                .toList();
        assertEquals(numbers.stream().sorted(Long::compareUnsigned).toList(), numbers);
    }

    @Test
    @Order(8)
    void endpointStatusAndHealth() throws Exception {
        List<String> status = run("", "endpoint", "status").out().lines().toList();
        assertEquals(3, status.size());
        for (int i = 0; i < 3; i++) {
            String line = status.get(i);
            assertTrue(
                    line.matches(Pattern.quote(cluster.client(i + 1).toString())
                            + ", [0-9a-f]{8,16}, 3\\.5\\.0, [0-9.]+ [kMG]?B, (true|false), false, \\d+, \\d+, \\d+, "),
                    line);
        }
        assertEquals(
                1, status.stream().filter(line -> line.contains("B, true, ")).count());

        List<String> health = run("", "endpoint", "health").err();
        assertEquals(3, health.size());
        health.forEach(line -> assertTrue(
                line.matches("127\\.0\\.0\\.1:\\d+ is healthy: successfully committed proposal: took = .*"), line));
        prints("", "alarm", "list");
    }

    /** The output and the errors are those of etcdctl 3.4.23 against etcd. */
    @Test
    @Order(9)
    void moveLeader() throws Exception {
        int leader = cluster.awaitLeader();
        int target = leader % TestCluster.NODES + 1;
        prints(
                "Leadership transferred from " + number(leader) + " to " + number(target) + "\n",
                "move-leader",
                number(target));
        assertEquals(target, cluster.awaitLeader());
        fails("etcdserver: bad leader transferee", "move-leader", "abc");
        prints("OK\n", "put", "greeting", "again");
    }

    private static String number(int id) throws Exception {
        return run("", "member", "list")
                .out()
                .lines()
                .filter(line -> line.contains(", n" + id + ", "))
                .map(line -> line.substring(0, line.indexOf(',')))
                .findFirst()
                .orElseThrow();
    }

    @Test
    @Order(9)
    void leases() throws Exception {
        String id = granted("100", "100");
        prints("OK\n", "put", "leased", "v", "--lease=" + id);
        String alive = run("", "lease", "timetolive", id, "--keys").out();
        assertTrue(
                alive.matches("lease " + id + " granted with TTL\\(100s\\), remaining\\(\\d\\ds\\),"
                        + " attached keys\\(\\[leased]\\)\n"),
                alive);
        prints("found 1 leases\n" + id + "\n", "lease", "list");
        prints("lease " + id + " keepalived with TTL(100)\n", "lease", "keep-alive", id, "--once");
        prints("OK\n", "put", "leased", "w", "--ignore-lease");
        prints("lease " + id + " revoked\n", "lease", "revoke", id);
        prints("", "get", "leased");
        prints("lease " + id + " already expired\n", "lease", "timetolive", id);
        fails("etcdserver: requested lease not found", "put", "leased", "x", "--lease=" + id);
        prints("found 0 leases\n", "lease", "list");
    }

    /** Nobody asks the cluster for anything but this key, and that serializably. */
    @Test
    @Order(9)
    void aLeaseThatNobodyRenewsExpires() throws Exception {
        String id = granted("1", "2");
        prints("OK\n", "put", "short", "v", "--lease=" + id);
        prints("short\nv\n", "get", "short", "--consistency=s");
        await("the expiry of a lease of 2 s")
                .atMost(Duration.ofSeconds(20))
                .until(() -> run("", "get", "short", "--consistency=s").out().isEmpty());
        prints("lease " + id + " already expired\n", "lease", "timetolive", id);
    }

    /** As soon as it has the lock, etcdctl runs a command and then unlocks. A candidate ends when it is interrupted. */
    @Test
    @Order(9)
    void locksAndElections() throws Exception {
        prints("mine\n", "lock", "door", "echo", "mine");
        Path later = directory.resolve("later.out");
        Path second = directory.resolve("second.out");
        Process holder = start(directory.resolve("holder.out"), "lock", "door");
        await("the first lock").atMost(Duration.ofSeconds(20)).until(() -> keys("door/") == 1);
        Process waiting = start(later, "lock", "door", "echo", "later");
        await("the second in the queue").atMost(Duration.ofSeconds(20)).until(() -> keys("door/") == 2);
        assertTrue(waiting.isAlive());
        holder.destroy();
        assertTrue(waiting.waitFor(30, TimeUnit.SECONDS), "the lock was not passed on");
        assertEquals("later\n", Files.readString(later));

        Process leader = start(directory.resolve("first.out"), "elect", "chair", "first");
        await("the first candidate").atMost(Duration.ofSeconds(20)).until(() -> keys("chair/") == 1);
        Process next = start(second, "elect", "chair", "second");
        await("the second candidate").atMost(Duration.ofSeconds(20)).until(() -> keys("chair/") == 2);
        leader.destroy();
        await("the first has resigned").atMost(Duration.ofSeconds(20)).until(() -> keys("chair/") == 1);
        assertEquals(
                "second\n",
                run("", "get", "--prefix", "chair/", "--print-value-only").out());
        next.destroy();
        assertTrue(next.waitFor(30, TimeUnit.SECONDS));
        assertTrue(Files.readString(second).matches("chair/[0-9a-f]+\\nsecond\\n"));
    }

    private static int keys(String prefix) throws Exception {
        return (int) run("", "get", "--prefix", prefix, "--keys-only")
                .out()
                .lines()
                .filter(line -> !line.isEmpty())
                .count();
    }

    private static String granted(String seconds, String ttl) throws Exception {
        String granted = run("", "lease", "grant", seconds).out();
        assertTrue(granted.matches("lease [0-9a-f]{16} granted with TTL\\(" + ttl + "s\\)\n"), granted);
        return granted.split(" ", -1)[1];
    }

    @Test
    @Order(10)
    void largeValueComesBack() throws Exception {
        String value = "x".repeat(100_000);
        prints("OK\n", "put", "large", value);
        prints("large\n" + value + "\n", "get", "large");
    }

    @Test
    @Order(11)
    void watchFollowsAPrefix() throws Exception {
        Path watched = Files.createTempFile(directory, "etcdctl", ".watch");
        Process watch = start(watched, "watch", "--prefix", "--prev-kv", "watched/");
        try {
            Awaitility.await("the first event").atMost(Duration.ofSeconds(30)).until(() -> {
                prints("OK\n", "put", "watched/1", "one");
                return Files.size(watched) > 0;
            });
            prints("OK\n", "put", "watched/2", "two");
            prints("OK\n", "put", "elsewhere", "x");
            prints("1\n", "del", "watched/2");
            Awaitility.await("the last event")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Files.readString(watched)
                            .endsWith("PUT\nwatched/2\ntwo\nDELETE\nwatched/2\ntwo\nwatched/2\n\n"));
        } finally {
            watch.destroyForcibly().onExit().join();
        }
    }

    @Test
    @Order(12)
    void watchBeginsInThePastAndAtTheCompactedRevision() throws Exception {
        prints("OK\n", "put", "past", "1");
        prints("OK\n", "put", "past", "2");
        long last = Long.parseLong(run("", "get", "past", "-w", "fields")
                .out()
                .lines()
                .filter(line -> line.startsWith("\"ModRevision\""))
                .map(line -> line.replaceAll("\\D", ""))
                .findFirst()
                .orElseThrow());
        Path watched = Files.createTempFile(directory, "etcdctl", ".watch");
        Process watch = start(watched, "watch", "past", "--rev=" + (last - 1));
        try {
            Awaitility.await("both events")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Files.readString(watched).equals("PUT\npast\n1\nPUT\npast\n2\n"));
        } finally {
            watch.destroyForcibly().onExit().join();
        }
        prints("compacted revision " + last + "\n", "compact", "" + last);
        Output refused = run("", "watch", "past", "--rev=" + (last - 1));
        assertTrue(
                String.join("\n", refused.err())
                        .contains("watch was canceled (etcdserver: mvcc: required revision has been compacted)"),
                refused.toString());
    }

    private static Process start(Path out, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + cluster.endpoints()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(out.toFile());
        builder.environment().put("ETCDCTL_API", "3");
        return builder.start();
    }

    private static void prints(String expected, String... arguments) throws Exception {
        Output output = run("", arguments);
        assertEquals(expected, output.out(), output.error());
        assertEquals(0, output.exitCode());
    }

    private static void fails(String error, String... arguments) throws Exception {
        Output output = run("", arguments);
        assertEquals("Error: " + error, output.error());
        assertEquals(1, output.exitCode());
        assertEquals("", output.out());
    }

    private static Output run(String input, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + cluster.endpoints()));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile(directory, "etcdctl", ".err");
        Path out = Files.createTempFile(directory, "etcdctl", ".out");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectError(err.toFile()).redirectOutput(out.toFile());
        builder.environment().put("ETCDCTL_API", "3");
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "etcdctl does not end");
        List<String> errors = Files.readString(err).strip().lines().toList();
        return new Output(process.exitValue(), Files.readString(out), errors);
    }
}
