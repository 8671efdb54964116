package io.loggos.api.group;

import io.loggos.api.NodeId;

/**
 * The name of a view.
 *
 * <p>Ids rise along the views that one member installs, and no id is used twice.
 *
 * @param counter rises with each view
 * @param coordinator the node that formed the view
 * @param life a random number of the coordinator's membership, because a node that restarts may count from the start
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
