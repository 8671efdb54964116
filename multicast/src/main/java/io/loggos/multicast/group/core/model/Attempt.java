package io.loggos.multicast.group.core.model;

import io.loggos.api.NodeId;

/** One attempt to change a view, like a ballot: members answer the highest only. */
public record Attempt(long round, NodeId coordinator) implements Comparable<Attempt> {
    @Override
    public int compareTo(Attempt other) {
        int byRound = Long.compare(round, other.round);
        return byRound != 0 ? byRound : coordinator.compareTo(other.coordinator);
    }

    @Override
    public String toString() {
        return round + "." + coordinator.value();
    }
}
