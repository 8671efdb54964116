package io.loggos.benchmarks.system.processes;

import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.Replica;
import io.loggos.benchmarks.system.CommandHash;
import io.loggos.benchmarks.system.loggos.HashingStateMachine;
import java.nio.file.Path;
import java.util.List;

/** One of the nodes, in the process that opens it, with its replica of the log. */
record LoggosNode(Node node, Replica replica, HashingStateMachine machine) implements AutoCloseable {
    /**
     * Opens a node.
     *
     * @param position of this node among the addresses, from 0
     */
    static LoggosNode open(int position, List<String> addresses, Path directory, TimingOptions timing) {
        NodeBuilder builder =
                Node.builder().clusterId("benchmarks").dataDirectory(directory).timing(timing);
        for (int i = 0; i < addresses.size(); i++) {
            if (i == position) {
                builder.id(i + 1).listen(addresses.get(i));
            } else {
                builder.peer(i + 1, addresses.get(i));
            }
        }
        Node node = builder.open();
        HashingStateMachine machine = new HashingStateMachine();
        return new LoggosNode(node, node.replicate("bench", machine), machine);
    }

    /** What it has applied. */
    CommandHash.Value value() {
        return machine.read(replica);
    }

    @Override
    public void close() {
        node.close();
    }
}
