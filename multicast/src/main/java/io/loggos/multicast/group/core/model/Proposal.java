package io.loggos.multicast.group.core.model;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A view that may be the next primary one.
 *
 * @param from the view that ends if this one comes about; the proposed one itself if a group is founded
 * @param attempt the attempt to end that
 * @param survivors the members that come from there. That view ends this way only if all of them acknowledge it, while
 *     newcomers may be asked into several views at once.
 */
public record Proposal(GroupView view, ViewId from, Attempt attempt, List<Member> survivors) {
    public Proposal {
        survivors = List.copyOf(survivors);
    }

    /**
     * True if another proposal cannot come about any more.
     *
     * <p>A member whose acknowledgement it needs has taken part in this later attempt, or in a later view.
     */
    boolean precludes(Proposal other) {
        return isLaterThan(other) && other.survivors.stream().anyMatch(survivors::contains);
    }

    /** True if a member is in none of another proposal's views, nor will be: it comes here from elsewhere. */
    public boolean takes(Member member, Proposal other) {
        return survivors.contains(member) && (!other.survivors.contains(member) || isLaterThan(other));
    }

    private boolean isLaterThan(Proposal other) {
        int order = from.compareTo(other.from);
        return order > 0 || (order == 0 && attempt.compareTo(other.attempt) > 0);
    }

    /**
     * True if another proposal cannot come about by the attempt that asked for it.
     *
     * <p>It is precluded, or its asker has given it up and asks for a view that does not come from that one. By another
     * attempt it may still come about.
     */
    public boolean rulesOut(Proposal other) {
        Member asker = asker();
        return precludes(other) || (asker != null && asker.equals(other.asker()));
    }

    /** True if the view would be the first one of the group. */
    public boolean isFirst() {
        return from.equals(view.id()) && view.base() == null;
    }

    /** Member that asks; null if its life is not known. */
    private @Nullable Member asker() {
        NodeId node = attempt.coordinator();
        return node.equals(view.id().coordinator())
                ? new Member(node, view.id().life())
                : survivors.stream()
                        .filter(member -> member.node().equals(node))
                        .findFirst()
                        .orElse(null);
    }

    /**
     * Adds one more attempt to those that a view was granted to.
     *
     * <p>A coordinator that takes over asks again for the view that it adopts. Then there are two attempts by which the
     * view may come about. Of attempts with the same survivors the latest stays.
     */
    public static List<Proposal> with(List<Proposal> attempts, Proposal another) {
        if (attempts.stream().anyMatch(attempt -> attempt.stands(another))) {
            return attempts;
        }
        List<Proposal> all = new ArrayList<>(attempts);
        all.removeIf(another::stands);
        all.add(another);
        return all;
    }

    /** True if every proposal that does not rule out this one does not rule out the other one either. */
    private boolean stands(Proposal other) {
        return view.id().equals(other.view.id())
                && attempt.coordinator().equals(other.attempt.coordinator())
                && survivors.equals(other.survivors)
                && !other.isLaterThan(this);
    }

    @Override
    public String toString() {
        return view + " of " + survivors;
    }
}
