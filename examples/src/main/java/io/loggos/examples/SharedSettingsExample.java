package io.loggos.examples;

import io.loggos.api.Bytes;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.group.View;
import io.loggos.api.map.ReplicatedMap;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A replicated map: three nodes in this JVM share settings. Each reads its own copy without asking anybody, and all copies
 * go through the same changes. A node that comes later receives the settings from the others.
 */
public final class SharedSettingsExample {
    private static final int NODES = 3;

    private SharedSettingsExample() {}

    /** Runs the example in a temporary directory, or in the directory given as argument. */
    public static void main(String[] arguments) throws IOException {
        Path directory =
                arguments.length > 0 ? Path.of(arguments[0]) : Files.createTempDirectory("loggos-settings-example");
        run(directory, System.out);
    }

    /** Returns the text of each copy at the end. */
    static List<String> run(Path directory, PrintStream out) throws IOException {
        List<Integer> ports = freePorts();
        List<Node> nodes = new ArrayList<>();
        List<ReplicatedMap> copies = new ArrayList<>();
        try {
            for (int id = 1; id <= NODES; id++) {
                nodes.add(open(id, ports, directory));
                copies.add(nodes.get(id - 1).replicatedMap("settings"));
            }

            for (ReplicatedMap copy : copies) {
                await(copy);
            }

            // The future ends once the change is here and no failure of this node can undo it.
            set(copies.get(0), "log level", "info");
            set(copies.get(1), "cache", "64 MiB");
            Optional<Bytes> before = set(copies.get(2), "log level", "debug");
            out.println("the log level was " + before.map(Bytes::toUtf8).orElse("not set"));

            nodes.get(2).close();
            set(copies.get(0), "cache", "128 MiB");

            // Who comes back receives the map before its first view.
            nodes.set(2, open(3, ports, directory));
            copies.set(2, nodes.get(2).replicatedMap("settings"));
            await(copies.get(2));
            out.println("node n3 is back, and has " + text(copies.get(2)));
            return copies.stream().map(SharedSettingsExample::text).toList();
        } finally {
            nodes.forEach(Node::close);
        }
    }

    /** Sets a value. A change may be lost with the view that it was made in; a value may be set again. */
    private static Optional<Bytes> set(ReplicatedMap copy, String key, String value) {
        while (true) {
            try {
                return copy.put(Bytes.utf8(key), Bytes.utf8(value))
                        .orTimeout(1, TimeUnit.MINUTES)
                        .join();
            } catch (CompletionException e) {
                if (!(e.getCause() instanceof OutcomeUnknownException)) {
                    throw e;
                }
            }
        }
    }

    private static View await(ReplicatedMap copy) {
        return copy.awaitView(view -> view.members().size() == NODES)
                .orTimeout(1, TimeUnit.MINUTES)
                .join();
    }

    private static String text(ReplicatedMap copy) {
        TreeMap<String, String> text = new TreeMap<>();
        copy.snapshot().forEach((key, value) -> text.put(key.toUtf8(), value.toUtf8()));
        return text.toString();
    }

    private static Node open(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .clusterId("settings-example")
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
