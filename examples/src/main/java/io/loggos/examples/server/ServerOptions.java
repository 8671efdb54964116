package io.loggos.examples.server;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.examples.server.monitor.MonitorUrl;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All options of a server.
 *
 * @param node the node
 * @param listenClients addresses for its clients, at least one; port 0 requests a free one
 * @param clients addresses of the other members for clients, as far as known; only for the list of members
 * @param advertised the URLs of this member in the list of members
 * @param replica limits of the log
 * @param limits limits of the store
 * @param security what keeps strangers from the port for clients
 * @param monitor addresses for measurements and health; may be empty
 */
public record ServerOptions(
        NodeOptions node,
        List<Address> listenClients,
        SortedMap<NodeId, Address> clients,
        Advertised advertised,
        ReplicaOptions replica,
        StoreLimits limits,
        ClientSecurity security,
        List<MonitorUrl> monitor) {
    public ServerOptions {
        listenClients = List.copyOf(listenClients);
        clients = Collections.unmodifiableSortedMap(new TreeMap<>(clients));
        monitor = List.copyOf(monitor);
    }
}
