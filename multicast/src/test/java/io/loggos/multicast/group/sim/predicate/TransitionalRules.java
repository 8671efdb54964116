package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Transitional sets as the ghost derives them. Two members move together if the protocol of both went from one view to the
 * other in one step. A newcomer moves with nobody, since it is given the state anew.
 */
public final class TransitionalRules {
    private record Told(Life life, ViewChange change) {}

    /** For each view, the members that came there from another one in one step, and from which. */
    private final TreeMap<ViewId, TreeMap<Life, ViewId>> from = new TreeMap<>();

    private final TreeMap<ViewId, TreeSet<NodeId>> newcomers = new TreeMap<>();
    private final TreeMap<ViewId, List<Told>> told = new TreeMap<>();

    /** A member enters a view from another one in one step. */
    public void cameFrom(Life life, ViewChange change, ViewId before) {
        ViewId view = change.view().id();
        from.computeIfAbsent(view, key -> new TreeMap<>()).put(life, before);
        Told now = new Told(life, change);
        told.computeIfAbsent(view, key -> new ArrayList<>()).add(now);
        newcomers.getOrDefault(view, new TreeSet<>()).forEach(node -> movesAlone(node, now));
    }

    /** A member is given the state in a view. */
    public void newcomer(Life life, ViewId view) {
        newcomers.computeIfAbsent(view, key -> new TreeSet<>()).add(life.node());
        told.getOrDefault(view, List.of()).forEach(each -> movesAlone(life.node(), each));
    }

    private static void movesAlone(NodeId newcomer, Told told) {
        Violation.unless(
                told.life.node().equals(newcomer) || !told.change.transitional().contains(newcomer),
                "VS6",
                () -> told.life + " is told that " + newcomer + ", a newcomer, has come with it to "
                        + told.change.view());
    }

    /** True if two members have gone from one view to another by one step each. */
    boolean moved(Life one, Life other, ViewId before, ViewId view) {
        TreeMap<Life, ViewId> came = from.getOrDefault(view, new TreeMap<>());
        return before.equals(came.get(one)) && before.equals(came.get(other));
    }
}
