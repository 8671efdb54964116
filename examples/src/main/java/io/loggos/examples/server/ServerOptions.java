package io.loggos.examples.server;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.NodeOptions;
import io.loggos.api.ReplicaOptions;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a server is opened with.
 *
 * @param node the node
 * @param listenClient where its clients reach it; port 0 asks for a free one
 * @param clients where clients reach the other members, as far as known; for the list of members only
 * @param replica limits of the log
 */
public record ServerOptions(
        NodeOptions node, Address listenClient, SortedMap<NodeId, Address> clients, ReplicaOptions replica) {
    /** What stands in front of a key and a value in a command, generously. */
    private static final int COMMAND_OVERHEAD_BYTES = 64 << 10;

    public ServerOptions {
        clients = Collections.unmodifiableSortedMap(new TreeMap<>(clients));
    }

    /** The options of the log unless told otherwise: etcd's largest request must fit into a command. */
    public static ReplicaOptions defaultReplica() {
        return ReplicaOptions.defaults().withMaxCommandBytes(RequestChecks.MAX_REQUEST_BYTES + COMMAND_OVERHEAD_BYTES);
    }
}
