package io.loggos.api.node;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.internal.options.OptionChecks;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Options of a node, made by {@link Node#builder}.
 *
 * <p>The methods of {@link NodeBuilder} give the bounds and the default of each option.
 *
 * @param clusterId the name of the cluster; nodes of different clusters refuse each other
 * @param id the number of this node
 * @param listen the address at which peers reach this node; port 0 asks for a free one
 * @param peers the other nodes of a new cluster and their addresses; of a running one, some members
 * @param dataDirectory the directory of this node, which no other node may use; created if it does not exist
 * @param timing the intervals that decide how fast failures are noticed
 * @param transport the limits of the links
 * @param storage the limits of the acceptor log
 * @param userCode the treatment of the application's code
 * @param security what keeps strangers out of the cluster
 * @param join the wish to join a running cluster; null in a new one
 */
public record NodeOptions(
        String clusterId,
        NodeId id,
        Address listen,
        SortedMap<NodeId, Address> peers,
        Path dataDirectory,
        TimingOptions timing,
        TransportOptions transport,
        StorageOptions storage,
        UserCodeOptions userCode,
        SecurityOptions security,
        @Nullable JoinOptions join) {
    /** The most nodes that one cluster has. */
    public static final int MAX_NODES = 31;

    public NodeOptions {
        peers = Collections.unmodifiableSortedMap(new TreeMap<>(peers));
        check(new OptionChecks(), clusterId, id, peers)
                .require(join == null || !peers.isEmpty(), "a node that joins needs a peer to ask")
                .done();
    }

    /** Checks the parts that have bounds. The id is null if the builder has none. */
    static OptionChecks check(
            OptionChecks checks, String clusterId, @Nullable NodeId id, SortedMap<NodeId, Address> peers) {
        return checks.require(
                        !clusterId.isBlank() && clusterId.length() <= 128,
                        "clusterId has 1 to 128 characters that are not all blank")
                .require(
                        id == null || !peers.containsKey(id),
                        "peer " + (id == null ? 0 : id.value()) + " is this node itself")
                .require(peers.size() < MAX_NODES, "a cluster has at most " + MAX_NODES + " nodes")
                .require(
                        peers.values().stream().allMatch(address -> address.port() != 0),
                        "the address of a peer needs a port")
                .require(peers.values().stream().distinct().count() == peers.size(), "two peers have the same address");
    }

    /** Returns a builder that holds these options, and measures nothing. */
    public NodeBuilder toBuilder() {
        NodeBuilder builder = Node.builder()
                .clusterId(clusterId)
                .id(id)
                .listen(listen)
                .peers(peers)
                .dataDirectory(dataDirectory)
                .timing(timing)
                .transport(transport)
                .storage(storage)
                .userCode(userCode)
                .security(security);
        return join == null ? builder : builder.join(join);
    }

    /** All nodes of the cluster, this one included, by id. */
    public SortedMap<NodeId, Address> members() {
        TreeMap<NodeId, Address> members = new TreeMap<>(Map.copyOf(peers));
        members.put(id, listen);
        return members;
    }
}
