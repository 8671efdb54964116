package io.loggos.multicast.group.core;

import io.loggos.api.group.ViewId;
import java.util.List;

/**
 * A view that may be the next primary one.
 *
 * @param from the view that would end so; the proposed one itself if a group is founded
 * @param attempt the attempt to end that
 * @param survivors those of the members that come from there. That view does not end so unless all of them acknowledge it,
 *     while newcomers may be asked into several views at once.
 */
public record Proposal(GroupView view, ViewId from, Attempt attempt, List<Member> survivors) {
    public Proposal {
        survivors = List.copyOf(survivors);
    }

    /**
     * Whether another one cannot come about any more, or did not: a member whose acknowledgement it needs has taken part in
     * this later attempt, or in a later view.
     */
    boolean precludes(Proposal other) {
        return isLaterThan(other) && other.survivors.stream().anyMatch(survivors::contains);
    }

    /** Whether a member is in none of another's views, nor will be: it comes here from elsewhere. */
    boolean takes(Member member, Proposal other) {
        return survivors.contains(member) && (!other.survivors.contains(member) || isLaterThan(other));
    }

    private boolean isLaterThan(Proposal other) {
        int order = from.compareTo(other.from);
        return order > 0 || (order == 0 && attempt.compareTo(other.attempt) > 0);
    }

    /** The same view, in the later attempt of two, with those survivors that both have. */
    Proposal narrowedTo(Proposal other) {
        return new Proposal(
                view,
                from,
                other.isLaterThan(this) ? other.attempt : attempt,
                survivors.stream().filter(other.survivors::contains).toList());
    }

    @Override
    public String toString() {
        return view + " of " + survivors;
    }
}
