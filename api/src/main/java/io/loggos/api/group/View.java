package io.loggos.api.group;

import io.loggos.api.NodeId;
import java.util.List;

/**
 * The membership of a group for a period of time.
 *
 * @param id the name of this view
 * @param members by seniority: the member that joined first comes first
 * @param primary true if this view belongs to the single sequence of views that a majority of the cluster's nodes has
 *     acknowledged. Two primary views never exist at the same time
 */
public record View(ViewId id, List<NodeId> members, boolean primary) {
    public View {
        members = List.copyOf(members);
    }

    /** Tells if a node is a member. */
    public boolean contains(NodeId node) {
        return members.contains(node);
    }

    /** Returns the position of a member by seniority, from 0, or -1 if the node is not a member. */
    public int rank(NodeId node) {
        return members.indexOf(node);
    }

    @Override
    public String toString() {
        return id + (primary ? "" : " (not primary)") + " " + members;
    }
}
