package io.loggos.examples.server.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Channel;
import io.loggos.examples.etcd.proto.Permission;
import io.loggos.examples.server.LocalServer;
import io.loggos.examples.server.RealEtcd;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asks a real etcd and this server the same about users and roles, and in their names, and compares the answers. */
class AuthConformanceTest {
    @TempDir
    Path directory;

    @Test
    void answersAsEtcdDoes() throws Exception {
        try (RealEtcd etcd = RealEtcd.start(directory);
                LocalServer ours = new LocalServer()) {
            if (etcd == null) {
                System.out.println("skipped: etcd is not installed, so there is nothing to compare with");
            }
            assumeTrue(etcd != null, "etcd is not installed");
            assertEquals(String.join("\n", talk(etcd.channel)), String.join("\n", talk(ours.channel)));
        }
    }

    private static List<String> talk(Channel channel) throws Exception {
        AuthConversation with = new AuthConversation(channel);
        manage(with);
        with.enable();
        with.grantRole("root", "root");
        with.enable();
        inNames(with);
        revocations(with);
        with.as("root");
        with.disable();
        with.disable();
        with.get("k");
        with.authenticate("root", "rootpw");
        return with.said();
    }

    private static void nonsense(AuthConversation with) {
        with.as("nonsense");
        with.get("a");
        with.put("a", "1");
        with.putThen("a", "1", "a");
        with.watch("a", "");
        with.grantLease(6);
        with.revokeLease(6);
        with.users();
        with.enable();
        with.compact(1);
        with.memberList();
        with.authenticate("bob", "bobpw");
    }

    private static void manage(AuthConversation with) {
        nonsense(with);
        with.nobody();
        with.authenticate("root", "rootpw");
        with.enable();
        with.addUser("root", "rootpw");
        with.addUser("root", "again");
        with.addUser("", "x");
        with.addUser("bob", "bobpw");
        with.addUser("eve", "evepw");
        with.addUserWithoutPassword("certified");
        with.user("bob");
        with.user("nobody");
        with.users();
        with.changePassword("nobody", "x");
        with.deleteUser("nobody");
        for (String role : List.of("reader", "writer", "all", "reader", "")) {
            with.addRole(role);
        }
        with.roles();
        with.grant("reader", Permission.Type.READ, "a", "");
        with.grant("reader", Permission.Type.READ, "b", "d");
        with.grant("reader", Permission.Type.READ, "d", "f");
        with.grant("reader", Permission.Type.WRITE, "a", "");
        with.grant("reader", Permission.Type.READ, "a", "");
        with.grant("writer", Permission.Type.WRITE, "k", "l");
        with.grant("all", Permission.Type.READWRITE, "z", "\0");
        with.grant("nothing", Permission.Type.READ, "a", "");
        with.role("reader");
        with.role("all");
        with.role("nothing");
        with.revokePermission("reader", "x", "");
        with.revokePermission("reader", "b", "");
        with.revokePermission("nothing", "b", "");
        with.grantRole("bob", "reader");
        with.grantRole("bob", "reader");
        with.grantRole("bob", "nothing");
        with.grantRole("nobody", "reader");
        with.revokeRole("bob", "writer");
        with.revokeRole("nobody", "writer");
        with.user("bob");
        with.put("k", "1");
    }

    private static void inNames(AuthConversation with) {
        with.get("a");
        with.put("a", "1");
        with.delete("a");
        with.watch("a", "");
        with.grantLease(5);
        with.users();
        with.authenticate("bob", "wrong");
        with.authenticate("nobody", "wrong");
        with.authenticate("certified", "");
        with.login("root", "rootpw");
        with.login("bob", "bobpw");
        nonsense(with);
        with.as("bob");
        with.get("a");
        with.get("b");
        with.range("b", "d");
        with.range("b", "f");
        with.range("b", "g");
        with.range("a", "c");
        with.range("a", "\0");
        with.put("a", "1");
        with.put("k", "1");
        with.watch("b", "f");
        with.watch("b", "g");
        with.watch("k", "");
        with.user("bob");
        with.user("eve");
        with.users();
        with.roles();
        with.role("reader");
        with.role("writer");
        with.addUser("more", "x");
        with.disable();
        with.putThen("a", "1", "k");
        with.readIf("a", "b");
        with.readIf("k", "b");
        with.compact(1);
        with.memberList();
        with.memberAdd();
        with.as("root");
        with.get("a");
        with.put("a", "1");
        with.put("b", "1");
        with.range("a", "\0");
        with.users();
        with.deleteUser("root");
        with.deleteRole("root");
        with.revokeRole("root", "root");
        with.addRole("late");
    }

    private static void revocations(AuthConversation with) {
        // A change of the rules does not end a simple token.
        with.as("bob");
        with.get("a");
        with.as("root");
        with.grantRole("bob", "writer");
        with.as("bob");
        with.put("k", "2");
        with.putKeepingPrevious("k", "3");
        with.delete("k");
        with.deleteShowingPrevious("k");
        with.putThen("k", "4", "k");
        with.putThen("k", "4", "a");
        with.grantLease(77);
        with.putWithLease("k", 77);
        with.as("root");
        with.putWithLease("x", 77);
        with.as("bob");
        with.putWithLease("k", 77);
        with.revokeLease(77);
        with.revokeLease(78);
        with.as("root");
        with.revokeLease(77);
        with.revokeRole("bob", "writer");
        with.as("bob");
        with.put("k", "5");
        with.as("root");
        with.deleteRole("reader");
        with.user("bob");
        with.as("bob");
        with.get("a");
        with.as("root");
        with.changePassword("bob", "new");
        with.as("bob");
        with.get("a");
        with.login("bob", "bobpw");
        with.login("bob", "new");
        with.as("root");
        with.deleteUser("bob");
        with.as("bob");
        with.get("a");
        with.authenticate("bob", "new");
    }
}
