package io.loggos.benchmarks.systems.loggos.processes;

import io.loggos.api.Node;
import io.loggos.api.NodeBuilder;
import io.loggos.api.Replica;
import io.loggos.api.TimingOptions;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.loggos.HashingStateMachine;
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
