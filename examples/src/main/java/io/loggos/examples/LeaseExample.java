package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.kv.HeldLease;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.kv.recipe.Claim;
import io.loggos.api.kv.recipe.Mutex;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Two workers want one lock. When the node of its holder is closed, its lease expires, and the other one has it. */
public final class LeaseExample {
    private static final int NODES = 3;
    private static final Bytes LOCK = Bytes.utf8("printer");
    private static final Duration TTL = Duration.ofSeconds(2);

    private LeaseExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws IOException {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-lease-example");
        run(directory, System.out);
    }

    static void run(Path directory, PrintStream out) throws IOException {
        List<Integer> ports = freePorts();
        List<Node> nodes = new ArrayList<>();
        List<KeyValueStore> stores = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                Node node = open(id, ports, directory);
                nodes.add(node);
                stores.add(node.keyValueStore("locks"));
            }
            work(stores.get(0), "first worker", out).join();
            HeldLease second = stores.get(1).leases().hold(TTL).join();
            CompletableFuture<Claim> waits = new Mutex(stores.get(1), LOCK).lock(second.id());
            out.println("the second worker waits");

            nodes.get(0).close();
            Claim claim = waits.join();
            out.println("the second worker has the lock");
            boolean isRegistered =
                    stores.get(1).get(Bytes.utf8("workers/first worker")).join().isPresent();
            out.println("the first worker is " + (isRegistered ? "registered" : "gone"));
            stores.get(1)
                    .transact(new Operation.Transaction(
                            List.of(claim.stands()),
                            List.of(Operation.Put.of(Bytes.utf8("printed by"), Bytes.utf8("the second worker"))),
                            List.of()))
                    .thenAccept(done -> out.println(
                            "it prints while it has the lock: " + done.value().succeeded()))
                    .join();
            second.close();
        } finally {
            nodes.forEach(Node::close);
        }
    }

    /** A worker registers itself and takes the lock. Both end with its lease, which its node renews. */
    private static CompletableFuture<Claim> work(KeyValueStore store, String name, PrintStream out) {
        HeldLease lease = store.leases().hold(TTL).join();
        store.put(Operation.Put.of(Bytes.utf8("workers/" + name), Bytes.EMPTY).attachedTo(lease.id()))
                .join();
        return new Mutex(store, LOCK).lock(lease.id()).whenComplete((claim, failure) -> {
            if (failure == null) {
                out.println("the " + name + " has the lock");
            }
        });
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("lease-example")
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
