package io.loggos.examples.server;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.examples.server.etcd.RequestChecks;
import io.loggos.examples.server.monitor.MonitorUrl;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All options of a server.
 *
 * @param node the node
 * @param listenClient address for its clients; port 0 requests a free one
 * @param clients addresses of the other members for clients, as far as known; only for the list of members
 * @param advertised the URLs of this member in the list of members
 * @param replica limits of the log
 * @param security what keeps strangers from the port for clients
 * @param monitor addresses for measurements and health; may be empty
 */
public record ServerOptions(
        NodeOptions node,
        Address listenClient,
        SortedMap<NodeId, Address> clients,
        Advertised advertised,
        ReplicaOptions replica,
        ClientSecurity security,
        List<MonitorUrl> monitor) {
    /** Generous bound for the bytes before a key and a value in a command. */
    private static final int COMMAND_OVERHEAD_BYTES = 64 << 10;

    public ServerOptions {
        clients = Collections.unmodifiableSortedMap(new TreeMap<>(clients));
        monitor = List.copyOf(monitor);
    }

    /** Returns the default options of the log. The largest etcd request must fit into a command. */
    public static ReplicaOptions defaultReplica() {
        return ReplicaOptions.builder()
                .maxCommandBytes(RequestChecks.MAX_REQUEST_BYTES + COMMAND_OVERHEAD_BYTES)
                .build();
    }
}
