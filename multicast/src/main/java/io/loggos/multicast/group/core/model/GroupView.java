package io.loggos.multicast.group.core.model;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view with the lives of its members, by seniority.
 *
 * @param base the last primary view that its members come from, itself if it is one; null if there was none
 */
public record GroupView(
        ViewId id,
        List<Member> members,
        boolean primary,
        @Nullable ViewId base) {
    public GroupView {
        members = List.copyOf(members);
    }

    /** True if this view comes from a later primary view than another does. */
    public boolean isAhead(@Nullable ViewId otherBase) {
        return base != null && (otherBase == null || base.compareTo(otherBase) > 0);
    }

    public int size() {
        return members.size();
    }

    public Member member(int rank) {
        return members.get(rank);
    }

    /** The position of a member by seniority; -1 if it is none. */
    public int rank(Member member) {
        return members.indexOf(member);
    }

    /** The position of the member on a node; -1 if there is none. */
    public int rank(NodeId node) {
        for (int rank = 0; rank < members.size(); rank++) {
            if (members.get(rank).node().equals(node)) {
                return rank;
            }
        }
        return -1;
    }

    /** The member on a node; null if there is none. */
    public @Nullable Member on(NodeId node) {
        int rank = rank(node);
        return rank < 0 ? null : members.get(rank);
    }

    public boolean contains(Member member) {
        return members.contains(member);
    }

    /** Returns the view as the application sees it. */
    public View toView() {
        return new View(id, members.stream().map(Member::node).toList(), primary);
    }

    @Override
    public String toString() {
        return id + (primary ? "" : "?") + members;
    }
}
