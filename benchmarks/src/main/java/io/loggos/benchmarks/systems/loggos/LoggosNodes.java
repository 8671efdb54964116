package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.TransportException;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.benchmarks.harness.machine.Addresses;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Nodes of a Loggos cluster on the loopback address. The node with number n among the addresses has the id n + 1. */
public final class LoggosNodes {
    /** Nodes of a cluster that replicates logs. */
    public static final int COUNT = 3;

    private static final int ATTEMPTS = 5;

    private LoggosNodes() {}

    /** Returns a builder for the node with this number. */
    public static NodeBuilder builder(Addresses addresses, int number) {
        NodeBuilder builder = Node.builder().clusterId("benchmarks");
        for (int i = 0; i < addresses.count(); i++) {
            if (i == number) {
                builder.id(i + 1).listen(addresses.text(i)).dataDirectory(addresses.directoryOf(i));
            } else {
                builder.peer(i + 1, addresses.text(i));
            }
        }
        return builder;
    }

    /**
     * Opens {@value #COUNT} nodes in this JVM.
     *
     * @param directory an empty directory
     * @param options settings for each builder
     */
    public static List<Node> open(Path directory, UnaryOperator<NodeBuilder> options) {
        for (int attempt = 1; ; attempt++) {
            Addresses addresses = Addresses.free(directory.resolve("attempt-" + attempt), COUNT);
            List<Node> nodes = new ArrayList<>();
            try {
                for (int number = 0; number < COUNT; number++) {
                    nodes.add(options.apply(builder(addresses, number)).open());
                }
                return nodes;
            } catch (RuntimeException e) {
                nodes.forEach(Node::close);
                // Another process may have taken one of the ports.
                if (attempt == ATTEMPTS || !(e instanceof TransportException)) {
                    throw e;
                }
            }
        }
    }
}
