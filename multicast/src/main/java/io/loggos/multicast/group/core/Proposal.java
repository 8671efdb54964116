package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

    /**
     * Whether another one will not come about, nor did, by the attempt that asked for it: it is precluded, or who asked for
     * it has given it up, since it asks for a view that does not come from that one. By another attempt it still may.
     */
    boolean rulesOut(Proposal other) {
        Member asker = asker();
        return precludes(other) || (asker != null && asker.equals(other.asker()));
    }

    /** Who asks; null if it is not known in which life. */
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
     * The attempts that one view was granted to, with one more: a coordinator that takes over asks again for the view that it
     * adopts, and then there are two by which it may come about. Of those with the same survivors the latest stays.
     */
    static List<Proposal> with(List<Proposal> attempts, Proposal another) {
        if (attempts.stream().anyMatch(attempt -> attempt.stands(another))) {
            return attempts;
        }
        List<Proposal> all = new ArrayList<>(attempts);
        all.removeIf(another::stands);
        all.add(another);
        return all;
    }

    /** Whether what does not rule out this one does not rule out the other one either. */
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
