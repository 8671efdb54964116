package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.kv.Compare;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.Outcome;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.replica.Consistency;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The key-value store of the library inside an application: three nodes in this JVM. */
public final class EmbeddedKeyValueExample {
    private static final int NODES = 3;
    private static final Bytes ALICE = Bytes.utf8("account/alice");
    private static final Bytes BOB = Bytes.utf8("account/bob");

    private EmbeddedKeyValueExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws IOException {
        Path directory = arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-kv-example");
        run(directory, System.out);
    }

    /** Returns if the first and the second transfer succeeded. */
    static List<Boolean> run(Path directory, PrintStream out) throws IOException {
        List<Integer> ports = freePorts();
        List<Node> nodes = new ArrayList<>();
        List<KeyValueStore> stores = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                Node node = open(id, ports, directory);
                nodes.add(node);
                stores.add(node.keyValueStore("accounts"));
            }

            // Every node accepts requests. A put completes once it is durable on a majority.
            long revision =
                    stores.get(0).put(ALICE, Bytes.utf8("100")).join().value().revision();
            stores.get(1).put(BOB, Bytes.utf8("5")).join();
            out.println("alice has " + read(stores.get(2), ALICE) + " as of revision " + revision);

            // All or nothing, and only if nobody changed the account since it was read.
            boolean first = transfer(stores.get(1), "100", "70", "35");
            boolean second = transfer(stores.get(2), "100", "0", "105");
            out.println("the first transfer " + verdict(first) + ", the second " + verdict(second));

            Operation.Range accounts = Operation.Range.of(KeyRange.prefix(Bytes.utf8("account/")));
            stores.get(0)
                    .range(Consistency.LINEARIZABLE, accounts)
                    .join()
                    .value()
                    .keyValues()
                    .forEach(kv ->
                            out.println(kv.key().toUtf8() + " = " + kv.value().toUtf8()));

            // Older revisions can be read until they are compacted.
            Outcome.Range before = stores.get(0)
                    .range(Consistency.LINEARIZABLE, accounts.atRevision(revision))
                    .join()
                    .value();
            out.println("at revision " + revision + " there was " + before.count() + " account");
            return List.of(first, second);
        } finally {
            nodes.forEach(Node::close);
        }
    }

    /** Sets both accounts at once, but only if alice's still has the expected value. */
    private static boolean transfer(KeyValueStore store, String expected, String alice, String bob) {
        Operation.Transaction transfer = new Operation.Transaction(
                List.of(Compare.value(ALICE, Compare.Relation.EQUAL, Bytes.utf8(expected))),
                List.of(Operation.Put.of(ALICE, Bytes.utf8(alice)), Operation.Put.of(BOB, Bytes.utf8(bob))),
                List.of());
        return store.transact(transfer).join().value().succeeded();
    }

    private static String read(KeyValueStore store, Bytes key) {
        return store.get(key).join().map(kv -> kv.value().toUtf8()).orElse("nothing");
    }

    private static String verdict(boolean succeeded) {
        return succeeded ? "was done" : "was refused";
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("kv-example")
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .dataDirectory(directory.resolve("node-" + id));
        for (int peer = 1; peer <= NODES; peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        return builder.open();
    }

    /** Asks the system for free ports. An application would have fixed ports. */
    private static List<Integer> freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket a = new ServerSocket(0, 1, loopback);
                ServerSocket b = new ServerSocket(0, 1, loopback);
                ServerSocket c = new ServerSocket(0, 1, loopback)) {
            return List.of(a.getLocalPort(), b.getLocalPort(), c.getLocalPort());
        }
    }
}
