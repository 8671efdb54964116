package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The primary views of a group, one after the other: what a replicated log decides. Each follows the last one, unless that
 * one is certain to have no member any more, or never to have any. There is no time in it: a member is gone when it has left,
 * when its node comes back as another member, or when it has ended its view another way. So there is one line whatever
 * happens. If all members of the last view vanish, the group has no primary view until their nodes are in it again.
 */
public final class PrimaryLine {
    /** The last view that is known to have come about, and those granted after it, of which none is known to. */
    private final List<Proposal> granted;
    /** For each node, the life in which its last member has left. */
    private final TreeMap<NodeId, Long> left;

    /** A line without any view. */
    public PrimaryLine() {
        this(List.of(), new TreeMap<>());
    }

    /** A line as it was. */
    public PrimaryLine(List<Proposal> granted, Map<NodeId, Long> left) {
        this.granted = new ArrayList<>(granted);
        this.left = new TreeMap<>(left);
    }

    /** The last view that is known to have come about, and those granted after it. */
    public List<Proposal> granted() {
        return List.copyOf(granted);
    }

    /** For each node, the life in which its last member has left. */
    public SortedMap<NodeId, Long> left() {
        return Collections.unmodifiableSortedMap(left);
    }

    /** The counter of the view that was granted last; 0 if there is none. */
    public long counter() {
        return granted.isEmpty() ? 0 : last().view().id().counter();
    }

    private Proposal last() {
        return granted.get(granted.size() - 1);
    }

    /** Makes a view the next primary one, if it may be; the same view may be asked for again. */
    public boolean grant(Proposal proposal) {
        if (granted.isEmpty()) {
            granted.add(proposal);
            return true;
        }
        int order = proposal.view().id().compareTo(last().view().id());
        if (order <= 0) {
            if (order == 0) {
                granted.set(granted.size() - 1, last().narrowedTo(proposal));
            }
            return order == 0;
        }
        int from = granted.size() - 1;
        while (from >= 0 && !isOrigin(granted.get(from), proposal)) {
            if (!isOver(granted.get(from), proposal)) {
                return false;
            }
            from--;
        }
        Proposal origin = from < 0 ? null : granted.get(from);
        granted.clear();
        if (origin != null) {
            granted.add(origin);
        }
        granted.add(proposal);
        return true;
    }

    /** A member has left; it does not come back in this life. */
    public void onLeft(Member member) {
        left.put(member.node(), member.life());
    }

    private static boolean isOrigin(Proposal earlier, Proposal proposal) {
        return earlier.view().id().equals(proposal.view().base());
    }

    /** Whether a view has no member any more, or never will have one. */
    private boolean isOver(Proposal earlier, Proposal proposal) {
        return isSameMaker(earlier, proposal) || proposal.precludes(earlier) || isDeserted(earlier, proposal);
    }

    /** Who proposes another view than the one it was granted, and does not come from that one, has given that one up. */
    private static boolean isSameMaker(Proposal earlier, Proposal proposal) {
        return earlier.view().id().coordinator().equals(proposal.view().id().coordinator())
                && earlier.view().id().life() == proposal.view().id().life();
    }

    private boolean isDeserted(Proposal earlier, Proposal proposal) {
        return earlier.view().members().stream().allMatch(member -> {
            Member now = proposal.view().on(member.node());
            Long lastLife = left.get(member.node());
            return (lastLife != null && lastLife == member.life())
                    || (now != null && (!now.equals(member) || proposal.takes(member, earlier)));
        });
    }
}
