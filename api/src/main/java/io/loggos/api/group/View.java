package io.loggos.api.group;

import io.loggos.api.NodeId;
import java.util.List;

/**
 * Who takes part in a group for some time.
 *
 * @param members by seniority: who joined first stands first
 * @param primary whether this view belongs to the one line of views that a majority of the cluster's nodes has
 *     acknowledged. Two primary views never exist side by side
 */
public record View(ViewId id, List<NodeId> members, boolean primary) {
    public View {
        members = List.copyOf(members);
    }

    /** Whether a node is a member. */
    public boolean contains(NodeId node) {
        return members.contains(node);
    }

    /** The position of a member by seniority, from 0; -1 if the node is none. */
    public int rank(NodeId node) {
        return members.indexOf(node);
    }

    @Override
    public String toString() {
        return id + (primary ? "" : " (not primary)") + " " + members;
    }
}
