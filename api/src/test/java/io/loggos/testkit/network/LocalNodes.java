package io.loggos.testkit.network;

import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Nodes of one cluster on the loopback address, with a short election timeout. */
public final class LocalNodes {
    private LocalNodes() {}

    /**
     * Returns the builder of one node.
     *
     * @param ports ports of all nodes; that of node 1 is the first
     * @param directory place of the data of all nodes; that of node 1 is in {@code 1}
     */
    public static NodeBuilder builder(int id, List<Integer> ports, Path directory) {
        NodeBuilder builder = Node.builder()
                .id(id)
                .listen("127.0.0.1:" + ports.get(id - 1))
                .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(500)))
                .dataDirectory(directory.resolve(Integer.toString(id)));
        for (int peer = 1; peer <= ports.size(); peer++) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + ports.get(peer - 1));
            }
        }
        return builder;
    }
}
