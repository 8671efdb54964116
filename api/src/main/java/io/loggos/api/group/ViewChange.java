package io.loggos.api.group;

import io.loggos.api.NodeId;
import java.util.List;
import java.util.SortedSet;

/**
 * A view begins, as one member sees it. Every message that is delivered before this event was sent in {@code previous},
 * every later one in {@code view}.
 *
 * @param view the new view
 * @param transitional those members of the new view that come with this member from its previous view, itself
 *     included: they have delivered exactly the same messages there
 * @param joined members of the new view that were not in this member's previous one, by seniority
 * @param left members of the previous view that are not in the new one, by seniority
 * @param merged the views that came together here with their members that took part in it, this member's own first;
 *     empty unless partitions have merged
 */
public record ViewChange(
        View view, SortedSet<NodeId> transitional, List<NodeId> joined, List<NodeId> left, List<View> merged) {
    public ViewChange {
        joined = List.copyOf(joined);
        left = List.copyOf(left);
        merged = List.copyOf(merged);
    }
}
