package io.loggos.api.group;

import io.loggos.api.NodeId;
import java.util.List;
import java.util.SortedSet;

/**
 * The start of a view, as one member sees it.
 *
 * <p>Every message delivered before this event was sent in the previous view, and every later one in {@code view}.
 *
 * @param view the new view
 * @param transitional the members of the new view that come with this member from its previous view, itself included.
 *     They have delivered exactly the same messages in the previous view
 * @param joined members of the new view that were not in this member's previous view, by seniority
 * @param left members of the previous view that are not in the new view, by seniority
 * @param merged the views that merged, each with those members that took part, this member's own view first. Empty
 *     unless partitions have merged
 */
public record ViewChange(
        View view, SortedSet<NodeId> transitional, List<NodeId> joined, List<NodeId> left, List<View> merged) {
    public ViewChange {
        joined = List.copyOf(joined);
        left = List.copyOf(left);
        merged = List.copyOf(merged);
    }
}
