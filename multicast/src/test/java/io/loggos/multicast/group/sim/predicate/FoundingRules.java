package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.testkit.Violation;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * VS21: the first view of a group has the founders that were named. If none were, it has all nodes that its founder takes
 * for up, or after an election timeout more than half of them, and those are a majority of the cluster. Only after the
 * founding timeout it may be smaller.
 */
public final class FoundingRules {
    private final int nodes;
    private final Set<NodeId> founders;
    private final long electionNanos;
    private final long timeoutNanos;
    /** Time since which a member has looked for the group at the earliest. */
    private final TreeMap<Life, Long> looking = new TreeMap<>();
    /** First views that were asked for. */
    private final TreeSet<ViewId> founded = new TreeSet<>();

    public FoundingRules(int nodes, Set<NodeId> founders, long electionNanos, long timeoutNanos) {
        this.nodes = nodes;
        this.founders = founders;
        this.electionNanos = electionNanos;
        this.timeoutNanos = timeoutNanos;
    }

    /** A member begins to look for the group, or begins anew. */
    public void looks(Life life, long now) {
        looking.put(life, now);
    }

    /**
     * A node asks whether it may found the group.
     *
     * @param up the nodes that it has contact with, and itself
     */
    public void founds(Life life, GroupView view, SortedSet<NodeId> up, long now) {
        long waited = now - looking.getOrDefault(life, now);
        if (!founded.add(view.id()) || waited >= timeoutNanos) {
            return;
        }
        TreeSet<NodeId> members = new TreeSet<>(view.toView().members());
        boolean isMajority = 2 * members.size() > up.size() && waited > electionNanos;
        boolean isEnough = founders.isEmpty()
                ? 2 * up.size() > nodes && (members.containsAll(up) || isMajority)
                : members.containsAll(founders);
        Violation.unless(
                isEnough,
                "VS21",
                () -> life + " founds " + view + " after " + waited + " ns; " + up + " of " + nodes
                        + " nodes are up, founders are " + founders);
    }

    /** True if a view is the first one, as its founder sees it. */
    boolean isFirst(ViewId view) {
        return founded.contains(view);
    }
}
