package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * VS15: a newcomer is given the state of the end of the view before. In a group in which only the primary view sends, all
 * members begin a view with the same state. Where partitions go on, this holds for those who came together with the giver.
 */
public final class StateRules {
    /** A state, who has it, and from where. */
    private record Begun(Life life, State state, SortedSet<NodeId> together) {}

    /** State that a newcomer was given, and its giver. */
    private record Given(Life life, NodeId provider, State state) {}

    private final boolean oneLine;
    private final TreeMap<ViewId, TreeMap<Life, Begun>> begun = new TreeMap<>();
    /** Views in which all began anew, whatever they had before. */
    private final TreeSet<ViewId> merged = new TreeSet<>();

    private final TreeMap<ViewId, List<Given>> given = new TreeMap<>();

    /** @param oneLine whether only primary views send */
    StateRules(boolean oneLine) {
        this.oneLine = oneLine;
    }

    void began(Life life, ViewChange change, State state) {
        ViewId view = change.view().id();
        SortedSet<NodeId> together = change.transitional();
        TreeMap<Life, Begun> others = begun.computeIfAbsent(view, key -> new TreeMap<>());
        for (Begun other : others.values()) {
            boolean bound = oneLine || (together.contains(other.life.node()) && other.together.contains(life.node()));
            Violation.unless(
                    !bound || other.state.equals(state),
                    "VS15",
                    () -> life + " begins " + view + " with " + state + ", " + other.life + " with " + other.state);
        }
        Begun now = new Begun(life, state, together);
        others.put(life, now);
        if (change.merged().isEmpty()) {
            given.getOrDefault(view, List.of()).forEach(gift -> fits(view, gift, now));
        } else {
            merged.add(view);
        }
    }

    /** A newcomer is given the state that a member has captured. */
    public void restored(Life life, ViewId boundary, State state, NodeId provider) {
        Given gift = new Given(life, provider, state);
        given.computeIfAbsent(boundary, key -> new ArrayList<>()).add(gift);
        begun.getOrDefault(boundary, new TreeMap<>()).values().forEach(member -> fits(boundary, gift, member));
    }

    private void fits(ViewId boundary, Given gift, Begun member) {
        Violation.unless(
                merged.contains(boundary)
                        || !member.together.contains(gift.provider)
                        || member.state.equals(gift.state),
                "VS15",
                () -> gift.life + " is given " + gift.state + " at " + boundary + ", " + member.life + " had "
                        + member.state);
    }
}
