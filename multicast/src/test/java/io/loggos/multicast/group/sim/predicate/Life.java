package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;

/** One node taking part in one group, from when its process began to look for it until it left or crashed. */
public record Life(NodeId node, int number) implements Comparable<Life> {
    @Override
    public int compareTo(Life other) {
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return node + "#" + number;
    }
}
