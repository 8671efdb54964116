package io.loggos.paxos.runtime.members;

import io.loggos.api.Address;
import io.loggos.api.NodeId;
import io.loggos.api.spi.Roster;
import java.util.TreeMap;

/** The members of a new cluster, for tests. */
public final class Founders {
    private Founders() {}

    /** Returns the members of a cluster of these nodes, as one of them knows them. */
    public static ClusterMembers of(Roster roster, NodeId self, NodeId... others) {
        TreeMap<NodeId, Address> nodes = new TreeMap<>();
        nodes.put(self, address(self));
        for (NodeId other : others) {
            nodes.put(other, address(other));
        }
        return new ClusterMembers(self, nodes, false, roster);
    }

    private static Address address(NodeId node) {
        return new Address("localhost", 7000 + node.value());
    }
}
