package io.loggos.snapshot.detect;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.api.snapshot.cut.NodeCut;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Distributed computation that a property is asked of: one participant on each of its nodes, and the groups that it
 * talks in.
 *
 * <p>No other node sends anything in these groups that the property depends on.
 *
 * @param nodes all that belong to it
 * @param participant the name under which each of them records its state
 * @param groups all channels between them
 */
public record Computation(SortedSet<NodeId> nodes, String participant, SortedSet<String> groups) {
    /** @throws IllegalArgumentException if there is no node, or no group */
    public Computation {
        nodes = Collections.unmodifiableSortedSet(new TreeSet<>(nodes));
        groups = Collections.unmodifiableSortedSet(new TreeSet<>(groups));
        if (nodes.isEmpty() || groups.isEmpty()) {
            throw new IllegalArgumentException("a computation has at least one node and at least one group");
        }
    }

    /** Returns the computation of the participants of this name on these nodes, which talk in these groups. */
    public static Computation of(Collection<NodeId> nodes, String participant, String... groups) {
        return new Computation(new TreeSet<>(nodes), participant, new TreeSet<>(List.of(groups)));
    }

    /**
     * True if a cut shows all of it.
     *
     * <p>That means each node with its state, and each group in one view. All nodes of the computation are members of
     * that view, and all its members are in the cut.
     *
     * <p>A part of a computation proves nothing. The missing part may be a message that wakes a process, or the lock
     * that it releases.
     */
    public boolean isWholeIn(GlobalSnapshot cut) {
        return nodes.stream().allMatch(node -> hasState(cut, node))
                && groups.stream().allMatch(group -> isWholeIn(cut, group));
    }

    private boolean hasState(GlobalSnapshot cut, NodeId node) {
        NodeCut there = cut.nodes().get(node);
        return there != null && there.participants().containsKey(participant);
    }

    private boolean isWholeIn(GlobalSnapshot cut, String group) {
        Optional<View> first = view(cut, nodes.first(), group);
        return first.isPresent()
                && first.get().members().containsAll(nodes)
                && first.get().members().stream()
                        .allMatch(member -> view(cut, member, group).equals(first));
    }

    private static Optional<View> view(GlobalSnapshot cut, NodeId node, String group) {
        NodeCut there = cut.nodes().get(node);
        return there == null
                ? Optional.empty()
                : there.groups().stream()
                        .filter(each -> each.group().equals(group))
                        .map(GroupCut::view)
                        .findFirst();
    }

    /** Returns the messages in flight in its groups. */
    List<InFlight<Bytes>> inFlight(GlobalSnapshot cut) {
        return groups.stream().flatMap(group -> cut.inFlight(group).stream()).toList();
    }

    @Override
    public String toString() {
        return participant + " on " + nodes;
    }
}
