package io.loggos.examples.cli.etcdctl;

import io.loggos.examples.cli.etcdctl.EtcdctlSteps.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The subcommands on users, roles and access control: before it is on, while it is, and what is refused in each. */
final class EtcdctlAuthSteps {
    private static final String ROOT = "--user=root:secret";
    private static final String JOE = "--user=joe:secret";

    private final List<Step> steps;

    private EtcdctlAuthSteps(List<Step> steps) {
        this.steps = steps;
    }

    /** Adds the steps, after which access control is off and there is nobody. */
    static void addTo(List<Step> steps) {
        EtcdctlAuthSteps auth = new EtcdctlAuthSteps(steps);
        auth.users();
        auth.roles();
        auth.enabled();
        auth.removed();
    }

    /** Runs a subcommand of two words. */
    private void run(String... arguments) {
        named(arguments[0] + " " + arguments[1], arguments);
    }

    private void named(String subcommand, String... arguments) {
        steps.add(new Step(subcommand, etcdctl -> etcdctl.run(arguments)));
    }

    private void as(String who, String subcommand, String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.add(who);
        named(subcommand, all.toArray(String[]::new));
    }

    private void users() {
        run("auth", "enable");
        run("auth", "disable");
        run("user", "add", "root:secret");
        run("auth", "enable");
        run("user", "add", "joe:secret");
        run("user", "add", "joe:secret");
        run("user", "add", ":secret");
        run("user", "add", "cert", "--no-password");
        steps.add(new Step(
                "user add", etcdctl -> etcdctl.runWith("secret\n", "user", "add", "ann", "--interactive=false")));
        run("user", "list");
        run("user", "list", "-w", "json");
        run("user", "get", "nobody");
        run("user", "get", "joe", "-w", "json");
        run("user", "delete", "nobody");
        run("user", "grant-role", "nobody", "reader");
        run("user", "grant-role", "joe", "reader");
        run("user", "revoke-role", "joe", "reader");
        run("user", "revoke-role", "nobody", "reader");
    }

    private void roles() {
        run("role", "add", "reader");
        run("role", "add", "reader");
        run("role", "add", "writer");
        run("role", "add", "");
        run("role", "grant-permission", "reader", "read", "a/", "--prefix=true");
        run("role", "grant-permission", "reader", "readwrite", "b");
        run("role", "grant-permission", "reader", "write", "c", "d");
        run("role", "grant-permission", "reader", "read", "z", "--from-key");
        run("role", "grant-permission", "reader", "own", "e");
        run("role", "grant-permission", "nothing", "read", "e");
        run("role", "get", "reader");
        run("role", "get", "reader", "-w", "json");
        run("role", "get", "nothing");
        run("role", "get", "root");
        run("role", "list");
        run("role", "list", "-w", "json");
        run("role", "revoke-permission", "reader", "b", "bb");
        run("role", "revoke-permission", "reader", "c", "d");
        run("role", "revoke-permission", "nothing", "c", "d");
        run("user", "grant-role", "root", "root");
        run("user", "grant-role", "joe", "reader");
        run("user", "grant-role", "joe", "reader");
        run("user", "get", "joe");
        run("user", "get", "joe", "--detail");
    }

    private void enabled() {
        run("auth", "enable");
        as(ROOT, "auth enable", "auth", "enable");
        as(JOE, "auth enable", "get", "a/1");
        as(JOE, "auth enable", "get", "--prefix", "a/", "--count-only");
        as(JOE, "auth enable", "get", "--prefix", "a");
        as(JOE, "auth enable", "put", "a/1", "x");
        as(JOE, "auth enable", "put", "b", "x", "--prev-kv");
        as(JOE, "auth enable", "del", "b", "--prev-kv");
        as(JOE, "auth enable", "del", "a/1");
        as(JOE, "auth enable", "watch", "q");
        as(JOE, "auth enable", "lease", "timetolive", "123");
        as(JOE, "auth enable", "compaction", "1");
        as(JOE, "auth enable", "endpoint", "health");
        as(JOE, "auth enable", "alarm", "list");
        as("--user=joe:wrong", "auth enable", "get", "a/1");
        as("--user=nobody:secret", "auth enable", "get", "a/1");
        named("auth enable", "get", "a/1");
        as(JOE, "user add", "user", "add", "eve:secret");
        as(JOE, "user list", "user", "list");
        as(JOE, "user get", "user", "get", "joe");
        as(JOE, "user get", "user", "get", "root");
        as(JOE, "role get", "role", "get", "reader");
        as(JOE, "role get", "role", "get", "writer");
        as(JOE, "role list", "role", "list");
        as(JOE, "role add", "role", "add", "mine");
        as(JOE, "user grant-role", "user", "grant-role", "joe", "root");
        as(JOE, "auth disable", "auth", "disable");
        run("user", "list");
        as(ROOT, "user list", "user", "list");
        as(ROOT, "user delete", "user", "delete", "root");
        as(ROOT, "user revoke-role", "user", "revoke-role", "root", "root");
        as(ROOT, "role delete", "role", "delete", "root");
        steps.add(new Step(
                "user passwd",
                etcdctl -> etcdctl.runWith("new\n", "user", "passwd", "joe", "--interactive=false", ROOT)));
        as(JOE, "user passwd", "get", "a/1");
        as("--user=joe:new", "user passwd", "get", "a/1");
        as(ROOT, "user revoke-role", "user", "revoke-role", "joe", "reader");
        as("--user=joe:new", "user revoke-role", "get", "a/1");
        as(ROOT, "auth disable", "auth", "disable");
        run("auth", "disable");
        as(JOE, "auth disable", "get", "a/1");
    }

    private void removed() {
        steps.add(new Step(
                "user passwd", etcdctl -> etcdctl.runWith("new\n", "user", "passwd", "nobody", "--interactive=false")));
        run("role", "revoke-permission", "reader", "a/", "--prefix=true");
        run("role", "revoke-permission", "reader", "z", "--from-key");
        run("role", "get", "reader");
        run("user", "grant-role", "joe", "reader");
        run("role", "delete", "reader");
        run("role", "delete", "reader");
        run("user", "get", "joe");
        run("role", "delete", "writer");
        run("user", "delete", "joe");
        run("user", "delete", "ann");
        run("user", "delete", "cert");
        run("user", "delete", "root");
        run("user", "list");
        run("role", "list");
    }
}
