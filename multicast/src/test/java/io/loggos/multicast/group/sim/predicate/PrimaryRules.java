package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewId;
import io.loggos.testkit.Violation;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * VS13: primary views form a line. Each was granted by a majority of the nodes, or by the log. No two follow the same one,
 * unless nobody is left of the other. Without the log, one of two weaker conditions is enough. Either no member of the
 * other that is awake is in a primary view any more. Or every node that granted both has restarted in between. First
 * views follow nothing, and no two of them do so side by side.
 */
public final class PrimaryRules {
    /** What first views follow. */
    private static final ViewId NOTHING = new ViewId(0, NodeId.of(1), Long.MIN_VALUE);

    private final int nodes;
    private final boolean byLog;
    private final FoundingRules founding;
    /** For each view who granted it, and in which life of the node. */
    private final TreeMap<ViewId, TreeMap<NodeId, Long>> grants = new TreeMap<>();

    private final TreeMap<ViewId, TreeSet<ViewId>> successors = new TreeMap<>();
    /** The last primary view that a member has come through without a break. */
    private final TreeMap<Life, ViewId> line = new TreeMap<>();
    /** Members of these lives that are in a primary view, and have not slept in it. */
    private final TreeSet<Life> primary = new TreeSet<>();

    PrimaryRules(int nodes, boolean byLog, FoundingRules founding) {
        this.nodes = nodes;
        this.founding = founding;
        this.byLog = byLog;
    }

    public void granted(ViewId view, NodeId by, long life) {
        grants.computeIfAbsent(view, key -> new TreeMap<>()).put(by, life);
    }

    /** @param coming whether this member comes from the view it was in before, and not anew */
    public void entered(Life life, View view, boolean coming) {
        ViewId before = line.get(life);
        primary.remove(life);
        if (!coming) {
            line.remove(life);
            before = null;
        }
        if (!view.primary()) {
            return;
        }
        SortedMap<NodeId, Long> quorum = grantsOf(view.id());
        Violation.unless(
                byLog ? !quorum.isEmpty() : 2 * quorum.size() > nodes,
                "VS13",
                () -> life + " enters " + view + ", which was granted by " + quorum.keySet() + " of " + nodes);
        follow(life, view.id(), before == null && founding.isFirst(view.id()) ? NOTHING : before);
        line.put(life, view.id());
        primary.add(life);
    }

    /** A node does nothing for a while; what it is in then, is over for the others after some time. */
    public void pauses(NodeId node) {
        primary.removeIf(life -> life.node().equals(node));
    }

    /** A member is none any more, or its node has crashed. */
    public void ended(Life life) {
        primary.remove(life);
        line.remove(life);
    }

    private void follow(Life life, ViewId view, @Nullable ViewId before) {
        TreeSet<ViewId> followers =
                before == null ? new TreeSet<>() : successors.computeIfAbsent(before, key -> new TreeSet<>());
        for (ViewId other : followers) {
            Violation.unless(
                    other.equals(view)
                            || isDeserted(other, NOTHING.equals(before))
                            || (!byLog && isForgotten(view, other)),
                    "VS13",
                    () -> life + " goes from " + before + " to " + view + ", another went to " + other + "; granted by "
                            + grantsOf(view) + " and " + grantsOf(other));
        }
        followers.add(view);
    }

    /**
     * True if nobody is left that has come through a view.
     *
     * @param atTheEnd whether only the ends of its lines count, since nothing follows a view that another one has followed
     */
    private boolean isDeserted(ViewId view, boolean atTheEnd) {
        TreeSet<ViewId> after = successors.getOrDefault(view, new TreeSet<>());
        boolean isHeld = line.entrySet().stream()
                .anyMatch(entry -> entry.getValue().equals(view) && (byLog || primary.contains(entry.getKey())));
        return (!isHeld || (byLog && atTheEnd && !after.isEmpty()))
                && after.stream().allMatch(next -> isDeserted(next, atTheEnd));
    }

    /** True if nobody that granted both remembered the one when it granted the other. */
    private boolean isForgotten(ViewId one, ViewId other) {
        SortedMap<NodeId, Long> first = grantsOf(one);
        SortedMap<NodeId, Long> second = grantsOf(other);
        TreeSet<NodeId> both = new TreeSet<>(first.keySet());
        both.retainAll(second.keySet());
        return both.stream().noneMatch(node -> first.get(node).equals(second.get(node)));
    }

    private SortedMap<NodeId, Long> grantsOf(ViewId view) {
        return grants.getOrDefault(view, new TreeMap<>());
    }
}
