package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Predicates of views: each has the member itself (VS1), ids rise (VS2), an id names one view (VS3), and changes fit. */
public final class ViewRules {
    private final TreeMap<ViewId, View> views = new TreeMap<>();
    private final TreeMap<Life, View> last = new TreeMap<>();

    /** @param before the view that this member has come from without a break; null if it comes from none */
    void entered(Life life, ViewChange change, @Nullable View before) {
        View view = change.view();
        Violation.unless(
                view.contains(life.node())
                        && new TreeSet<>(view.members()).size()
                                == view.members().size(),
                "VS1",
                () -> life + " enters " + view);
        View previous = last.put(life, view);
        Violation.unless(
                previous == null || view.id().compareTo(previous.id()) > 0,
                "VS2",
                () -> life + " enters " + view + " after " + previous);
        View same = views.putIfAbsent(view.id(), view);
        Violation.unless(
                same == null || same.equals(view), "VS3", () -> life + " enters " + view + ", another " + same);
        Violation.unless(
                change.transitional().contains(life.node()) && view.members().containsAll(change.transitional()),
                "VS1",
                () -> life + " moves with " + change.transitional() + " to " + view);
        if (before != null) {
            fits(life, change, before);
        }
    }

    private static void fits(Life life, ViewChange change, View before) {
        List<NodeId> stayed = new ArrayList<>(change.view().members());
        stayed.removeAll(change.joined());
        boolean joinedIsNew = change.view().members().containsAll(change.joined());
        boolean leftWas = before.members().containsAll(change.left());
        Violation.unless(
                joinedIsNew
                        && leftWas
                        && before.members().containsAll(stayed)
                        && before.members().containsAll(change.transitional())
                        && stayed.containsAll(change.transitional()),
                "VS3",
                () -> life + " goes from " + before + " by " + change);
    }
}
