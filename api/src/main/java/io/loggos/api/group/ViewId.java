package io.loggos.api.group;

import io.loggos.api.NodeId;

/**
 * Names a view. Ids rise along the views that one member installs, and none is ever used twice.
 *
 * @param coordinator who made the view
 * @param life a random number of the coordinator's membership: a node that restarts may count from the start again
 */
public record ViewId(long counter, NodeId coordinator, long life) implements Comparable<ViewId> {
    @Override
    public int compareTo(ViewId other) {
        int byCounter = Long.compare(counter, other.counter);
        int byCoordinator = byCounter != 0 ? byCounter : coordinator.compareTo(other.coordinator);
        return byCoordinator != 0 ? byCoordinator : Long.compare(life, other.life);
    }

    @Override
    public String toString() {
        return "v" + counter + "." + coordinator.value();
    }
}
