package io.loggos.multicast.group.core.model;

import io.loggos.api.NodeId;

/**
 * A node in one life of its membership.
 *
 * @param life drawn from {@link LifeNumbers} each time the node joins: an excluded node comes back as another member
 */
public record Member(NodeId node, long life) {
    /** True if this is a later member on the node of the other one. */
    public boolean isReturnOf(Member other) {
        return node.equals(other.node) && life > other.life;
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
