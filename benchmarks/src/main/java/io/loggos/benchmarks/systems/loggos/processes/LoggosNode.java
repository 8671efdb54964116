package io.loggos.benchmarks.systems.loggos.processes;

import io.loggos.api.node.Node;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.Replica;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.loggos.HashingStateMachine;
import io.loggos.benchmarks.systems.loggos.LoggosNodes;

/** Node in the process that opens it, with its replica of the log. */
record LoggosNode(Node node, Replica replica, HashingStateMachine machine) implements AutoCloseable {
    /** Opens the node with this number among the addresses. */
    static LoggosNode open(int number, Addresses addresses, TimingOptions timing) {
        Node node = LoggosNodes.builder(addresses, number).timing(timing).open();
        HashingStateMachine machine = new HashingStateMachine();
        return new LoggosNode(node, node.replicate("bench", machine), machine);
    }

    /** Returns the state that the replica has applied. */
    CommandHash.Value value() {
        return machine.read(replica);
    }

    @Override
    public void close() {
        node.close();
    }
}
