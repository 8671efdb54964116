package io.loggos.api.node;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.internal.options.OptionChecks;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that a node is opened with. {@link Node#builder} makes one.
 *
 * @param clusterId the name of the cluster; nodes of different clusters refuse each other
 * @param id this node
 * @param listen where peers reach this node; port 0 asks for a free one
 * @param peers the other nodes of the cluster and where they are reached
 * @param dataDirectory the directory that is this node's alone; made if it does not exist
 */
public record NodeOptions(
        String clusterId,
        NodeId id,
        Address listen,
        SortedMap<NodeId, Address> peers,
        Path dataDirectory,
        TimingOptions timing,
        TransportOptions transport,
        StorageOptions storage) {
    /** The most nodes that one cluster has. */
    public static final int MAX_NODES = 31;

    public NodeOptions {
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
        new OptionChecks()
                .require(
                        !clusterId.isBlank() && clusterId.length() <= 128,
                        "clusterId has 1 to 128 characters that are not all blank")
                .require(!peers.containsKey(id), "peer " + id.value() + " is this node itself")
                .require(peers.size() < MAX_NODES, "a cluster has at most " + MAX_NODES + " nodes")
                .require(
                        peers.values().stream().allMatch(address -> address.port() != 0),
                        "the address of a peer needs a port")
                .require(peers.values().stream().distinct().count() == peers.size(), "two peers have the same address")
                .done();
    }

    /** All nodes of the cluster, this one included, by id. */
    public SortedMap<NodeId, Address> members() {
        TreeMap<NodeId, Address> members = new TreeMap<>(Map.copyOf(peers));
        members.put(id, listen);
        return members;
    }
}
