package io.loggos.multicast.group.core.agreement;

import io.loggos.api.NodeId;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Sequence of the primary views of a group, as a replicated log decides it.
 *
 * <p>Each view follows the last one, unless that one certainly has no member any more, or never will have one. There is
 * no time in it. A member is gone if it has left, or its node comes back as a later member. It is also gone if it has
 * ended its view another way.
 *
 * <p>So there is one line whatever happens. If all members of the last view vanish, the group has no primary view until
 * their nodes are in it again.
 */
public final class PrimaryLine {
    /**
     * The last view that is known to have come about, and the views granted after it, of which none is known to.
     *
     * <p>Each view is here once for each attempt by which it may have come about.
     */
    private List<Proposal> granted;
    /** For each node, the life in which its last member has left. */
    private final TreeMap<NodeId, Long> left;

    /** A line without any view. */
    public PrimaryLine() {
        this(List.of(), new TreeMap<>());
    }

    /** Creates a line from a saved one. */
    public PrimaryLine(List<Proposal> granted, Map<NodeId, Long> left) {
        this.granted = List.copyOf(granted);
        this.left = new TreeMap<>(left);
    }

    /**
     * Returns the last view that is known to have come about, and those granted after it, with each attempt at them.
     */
    public List<Proposal> granted() {
        return granted;
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
            keep(List.of(proposal));
            return true;
        }
        int order = proposal.view().id().compareTo(last().view().id());
        if (order <= 0) {
            if (order == 0) {
                keep(Proposal.with(granted, proposal));
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
        List<Proposal> line = new ArrayList<>(granted);
        line.removeIf(earlier -> !isOrigin(earlier, proposal));
        line.add(proposal);
        keep(line);
        return true;
    }

    private void keep(List<Proposal> line) {
        granted = List.copyOf(line);
    }

    /** Notes that a member has left; it does not come back in this life. */
    public void onLeft(Member member) {
        left.put(member.node(), member.life());
    }

    private static boolean isOrigin(Proposal earlier, Proposal proposal) {
        return earlier.view().id().equals(proposal.view().base());
    }

    /** True if a view has no member any more that came by this attempt, or never will have one. */
    private boolean isOver(Proposal earlier, Proposal proposal) {
        return proposal.rulesOut(earlier) || isDeserted(earlier, proposal);
    }

    private boolean isDeserted(Proposal earlier, Proposal proposal) {
        return earlier.view().members().stream().allMatch(member -> {
            Member now = proposal.view().on(member.node());
            Long lastLife = left.get(member.node());
            return (lastLife != null && lastLife >= member.life())
                    || (now != null && (now.isReturnOf(member) || proposal.takes(member, earlier)));
        });
    }
}
