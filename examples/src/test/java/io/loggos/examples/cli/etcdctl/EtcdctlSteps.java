package io.loggos.examples.cli.etcdctl;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One or more runs of each subcommand of etcdctl, in an order in which they make sense. */
final class EtcdctlSteps {
    /** The work of a step with a cluster. It returns what was seen. */
    interface Work {
        String with(Etcdctl etcdctl) throws Exception;
    }

    /**
     * A step.
     *
     * @param subcommand its name, a row of the table; several steps may have the same
     */
    record Step(String subcommand, Work work) {}

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Step> steps = new ArrayList<>();

    private EtcdctlSteps() {}

    /** Returns all steps. The slow ones take a minute and more. */
    static List<Step> all(boolean slow) {
        EtcdctlSteps all = new EtcdctlSteps();
        all.keys();
        all.transactions();
        all.endpoints();
        all.leases();
        all.locks();
        all.mirror();
        all.snapshots();
        all.alarms();
        all.members();
        EtcdctlAuthSteps.addTo(all.steps);
        all.checks(slow);
        all.local();
        return all.steps;
    }

    private void run(String subcommand, String... arguments) {
        steps.add(new Step(subcommand, etcdctl -> etcdctl.run(arguments)));
    }

    private void keys() {
        run("put", "put", "greeting", "hello");
        run("put", "put", "greeting", "again", "--prev-kv");
        run("put", "put", "greeting", "--ignore-value");
        run("put", "put", "missing", "--ignore-value");
        run("put", "put", "", "x");
        for (int i = 1; i <= 5; i++) {
            run("put", "put", "a/" + i, "v" + i);
        }
        run("get", "get", "greeting");
        run("get", "get", "--prefix", "a/", "--limit=2", "-w", "json");
        run("get", "get", "--prefix", "a/", "--sort-by=VALUE", "--order=DESCEND", "--keys-only");
        run("get", "get", "a/1", "a/3", "-w", "fields");
        run("get", "get", "greeting", "--rev=2", "--consistency=s");
        run("get", "get", "greeting", "--rev=1000");
        run("get", "get", "--from-key", "a/4", "--print-value-only");
        run("del", "del", "a/2");
        run("del", "del", "--prefix", "a/4", "--prev-kv");
        run("del", "del", "nothing");
        run("compaction", "compaction", "0");
        run("compaction", "compaction", "0");
        run("compaction", "compaction", "4");
        run("compaction", "compaction", "6", "--physical");
        run("compaction", "compaction", "5");
        run("compaction", "compaction", "1000");
        steps.add(new Step(
                "watch",
                etcdctl -> background(
                        etcdctl,
                        "watch",
                        out -> {
                            etcdctl.succeed("put", "w/1", "one");
                            return out.contains("w/1");
                        },
                        () -> {
                            etcdctl.succeed("put", "w/2", "two");
                            etcdctl.succeed("del", "w/2");
                            etcdctl.succeed("put", "w/3", "last");
                        },
                        "w/3\nlast\n",
                        "watch",
                        "--prefix",
                        "w/",
                        "--rev=12")));
        run("watch", "watch", "w/1", "--rev=1");
    }

    private void transactions() {
        steps.add(new Step(
                "txn",
                etcdctl -> etcdctl.runWith(
                        "value(\"greeting\") = \"again\"\n\nput t yes\nget greeting\ndel a/5\n\nput t no\n\n", "txn")));
        steps.add(new Step("txn", etcdctl -> etcdctl.runWith("mod(\"t\") > \"9999\"\n\nput t 1\n\nget t\n\n", "txn")));
        steps.add(new Step("txn", etcdctl -> etcdctl.runWith("\n\nput t 1\nput t 2\n\n\n", "txn")));
    }

    private void endpoints() {
        run("endpoint health", "endpoint", "health");
        run("endpoint status", "endpoint", "status");
        run("endpoint hashkv", "endpoint", "hashkv", "--rev=13");
        run("endpoint hashkv", "endpoint", "hashkv", "--rev=3");
        run("endpoint hashkv", "endpoint", "hashkv", "-w", "json");
        run("defrag", "defrag");
        run("endpoint hashkv", "endpoint", "hashkv");
        steps.add(new Step("move-leader", etcdctl -> {
            List<String> followers = etcdctl.succeed("endpoint", "status")
                    .lines()
                    .filter(line -> line.contains("B, false, false, "))
                    .map(line -> line.split(", ", -1)[1])
                    .toList();
            return etcdctl.run("move-leader", followers.get(0)) + etcdctl.run("move-leader", "abc");
        }));
    }

    private void leases() {
        steps.add(new Step("lease grant", etcdctl -> etcdctl.run("lease", "grant", "600")));
        steps.add(new Step("lease timetolive", etcdctl -> {
            String lease =
                    etcdctl.succeed("lease", "list").lines().skip(1).findFirst().orElseThrow();
            String put = etcdctl.run("put", "leased", "v", "--lease=" + lease);
            return put
                    + etcdctl.run("lease", "timetolive", lease, "--keys")
                            .replaceAll("remaining\\(\\d+s", "remaining(T");
        }));
        run("lease timetolive", "lease", "timetolive", "123");
        steps.add(new Step("lease list", etcdctl -> etcdctl.run("lease", "list")));
        steps.add(new Step("lease keep-alive", etcdctl -> {
            String lease =
                    etcdctl.succeed("lease", "list").lines().skip(1).findFirst().orElseThrow();
            return etcdctl.run("lease", "keep-alive", lease, "--once");
        }));
        run("lease keep-alive", "lease", "keep-alive", "123", "--once");
        steps.add(new Step("lease revoke", etcdctl -> {
            String lease =
                    etcdctl.succeed("lease", "list").lines().skip(1).findFirst().orElseThrow();
            return etcdctl.run("lease", "revoke", lease) + etcdctl.run("get", "leased");
        }));
        run("lease revoke", "lease", "revoke", "123");
    }

    private void locks() {
        run("lock", "lock", "door", "echo", "mine");
        steps.add(new Step("elect", etcdctl -> {
            String elected = background(
                    etcdctl, "elect", out -> out.endsWith("first\n"), () -> {}, "first\n", "elect", "chair", "first");
            await("the chair is free")
                    .atMost(PATIENCE)
                    .until(() -> etcdctl.succeed("get", "--prefix", "chair/").isEmpty());
            return elected;
        }));
    }

    private void mirror() {
        steps.add(new Step("make-mirror", etcdctl -> {
            etcdctl.succeed("put", "m/1", "one");
            Path out = Files.createTempFile(etcdctl.directory(), "mirror", ".out");
            Process mirror = etcdctl.start(
                    out,
                    "make-mirror",
                    "--prefix=m/",
                    "--dest-prefix=copy/",
                    "--no-dest-prefix=false",
                    etcdctl.endpoints().get(0));
            try {
                await("the copy")
                        .atMost(PATIENCE)
                        .until(() -> etcdctl.succeed("get", "copy/1").equals("copy/1\none\n"));
                etcdctl.succeed("put", "m/2", "two");
                etcdctl.succeed("del", "m/1");
                await("the changes")
                        .atMost(PATIENCE)
                        .until(() -> etcdctl.succeed("get", "--prefix", "copy/").equals("copy/2\ntwo\n"));
                return "copied";
            } finally {
                mirror.destroyForcibly().onExit().join();
            }
        }));
    }

    private void snapshots() {
        steps.add(new Step("snapshot save", etcdctl -> saveTo(etcdctl, "saved.db")));
        steps.add(new Step("snapshot status", etcdctl -> {
            String status = etcdctl.succeed("snapshot", "status", file(etcdctl, "saved.db"));
            // Hash, revision, keys, size. The hash covers etcd's own buckets, and keys count their rows.
            return "revision " + status.split(", ", -1)[1];
        }));
        steps.add(new Step(
                "snapshot restore",
                etcdctl -> etcdctl.run(
                        "snapshot", "restore", file(etcdctl, "saved.db"), "--data-dir=" + file(etcdctl, "restored"))));
    }

    private static String saveTo(Etcdctl etcdctl, String name) throws Exception {
        return etcdctl.run(
                "snapshot",
                "save",
                file(etcdctl, name),
                "--endpoints=" + etcdctl.endpoints().get(0));
    }

    private static String file(Etcdctl etcdctl, String name) {
        return etcdctl.directory().resolve(name).toString();
    }

    private void alarms() {
        run("alarm list", "alarm", "list");
        run("alarm disarm", "alarm", "disarm");
    }

    private void members() {
        run("member list", "member", "list");
        run("member add", "member", "add", "n9", "--peer-urls=http://127.0.0.1:1");
        run("member update", "member", "update", "123", "--peer-urls=http://127.0.0.1:1");
        run("member promote", "member", "promote", "123");
        run("member remove", "member", "remove", "123");
    }

    private void checks(boolean slow) {
        if (slow) {
            steps.add(new Step(
                    "check datascale", etcdctl -> verdict(etcdctl.run("check", "datascale", "--auto-compact"))));
            steps.add(new Step("check perf", etcdctl -> verdict(etcdctl.run("check", "perf"))));
        }
    }

    /** Returns the verdicts of a check, without the figures. */
    private static String verdict(String output) {
        StringBuilder verdict = new StringBuilder();
        output.lines()
                .filter(line -> line.startsWith("PASS") || line.startsWith("FAIL") || line.startsWith("exit"))
                .forEach(line -> verdict.append(line.replaceAll("[0-9.]+", "N")).append('\n'));
        return verdict.toString();
    }

    private void local() {
        run("version", "version");
    }

    /** A look at the output so far. */
    private interface Look {
        boolean at(String output) throws Exception;
    }

    /** A deed meanwhile. */
    private interface Deed {
        void run() throws Exception;
    }

    private static String background(
            Etcdctl etcdctl, String name, Look begun, Deed deed, String end, String... arguments) throws Exception {
        Path out = Files.createTempFile(etcdctl.directory(), name, ".out");
        Process process = etcdctl.start(out, arguments);
        try {
            await(name + " has begun").atMost(PATIENCE).until(() -> begun.at(Files.readString(out)));
            deed.run();
            await(name + " has seen it")
                    .atMost(PATIENCE)
                    .until(() -> Files.readString(out).endsWith(end));
            process.destroy();
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            // It may have been repeated until it was seen.
            return Pattern.compile("(PUT\nw/1\none\n)+")
                    .matcher(Files.readString(out))
                    .replaceAll("$1");
        } finally {
            process.destroyForcibly().onExit().join();
        }
    }
}
