package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;

/**
 * A node in one life of its membership.
 *
 * @param life drawn from {@link Lives} each time the node joins: who was excluded comes back as somebody else
 */
public record Member(NodeId node, long life) {
    /** Whether this is what the node of that one has come back as. */
    boolean isReturnOf(Member other) {
        return node.equals(other.node) && life > other.life;
    }

    @Override
    public String toString() {
        return node.toString();
    }
}
