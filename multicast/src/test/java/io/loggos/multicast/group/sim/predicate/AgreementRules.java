package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.testkit.Violation;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Predicates between members. Those who move together have delivered the same (VS6) in the same total order (VS9); everybody
 * who moves has all that was safe (VS14).
 */
final class AgreementRules {
    private AgreementRules() {}

    /**
     * @param atCut whether the message came with the end of the view, when only those who move together are asked
     * @param next the view they move to then, if it is known
     */
    static void delivered(ViewGhost view, Passage passage, Sent message, boolean atCut, @Nullable ViewId next) {
        if (message.to() != null || !message.isSafe()) {
            return;
        }
        if (message.isTotal()) {
            agree(view, passage, message, atCut);
        }
        if (!atCut) {
            view.safe.put(message.sender(), later(view.safe.get(message.sender()), message));
            view.passages.values().stream()
                    .filter(other -> other.end != null)
                    .forEach(other -> has(view, other, message));
        } else if (next != null) {
            TreeMap<NodeId, Sent> moved = view.safeByCut
                    .computeIfAbsent(next, key -> new TreeMap<>())
                    .computeIfAbsent(passage.life.node(), key -> new TreeMap<>());
            moved.put(message.sender(), later(moved.get(message.sender()), message));
        }
    }

    private static Sent later(@Nullable Sent one, Sent other) {
        return one != null && one.number() > other.number() ? one : other;
    }

    private static void agree(ViewGhost view, Passage passage, Sent message, boolean atCut) {
        int at = passage.safeTotals.size() - 1;
        if (at < view.agreed.size()) {
            sameOrder(passage, message, view.agreed.get(at));
        } else if (!atCut && at == view.agreed.size()) {
            view.agreed.add(message);
            for (Passage other : view.passages.values()) {
                if (other.safeTotals.size() > at) {
                    sameOrder(other, other.safeTotals.get(at), message);
                }
            }
        }
    }

    private static void sameOrder(Passage passage, Sent message, Sent agreed) {
        Violation.unless(
                message.equals(agreed),
                "VS9",
                () -> passage.life + " gets " + message + " where another got " + agreed + " in the total order");
    }

    /** A member has left the view for another. */
    static void ended(ViewGhost view, Passage passage, ViewChange change, TransitionalRules together) {
        view.safe.values().forEach(message -> has(view, passage, message));
        for (Passage other : view.passages.values()) {
            ViewChange end = other.end;
            if (other != passage
                    && end != null
                    && end.view().id().equals(change.view().id())) {
                boolean mine = change.transitional().contains(other.life.node());
                boolean his = end.transitional().contains(passage.life.node());
                Violation.unless(
                        mine == his
                                && (mine
                                        || !together.moved(
                                                passage.life,
                                                other.life,
                                                view.id,
                                                change.view().id())),
                        "VS6",
                        () -> passage.life + " and " + other.life + " do not agree whether they moved together to "
                                + change.view());
                if (mine) {
                    same(view, passage, other);
                }
            }
        }
        view.safeByCut.getOrDefault(change.view().id(), new TreeMap<>()).forEach((by, moved) -> {
            if (change.transitional().contains(by)) {
                moved.values().forEach(message -> has(view, passage, message));
            }
        });
    }

    private static void same(ViewGhost view, Passage one, Passage other) {
        Violation.unless(
                one.multicasts.equals(other.multicasts),
                "VS6",
                () -> one.life + " and " + other.life + " leave " + view.id + " together, with " + one.multicasts
                        + " and " + other.multicasts);
        Violation.unless(
                one.totals.equals(other.totals),
                "VS9",
                () -> one.life + " and " + other.life + " leave " + view.id + " together, with the total orders\n"
                        + one.totals + "\n" + other.totals);
    }

    private static void has(ViewGhost view, Passage passage, Sent message) {
        Violation.unless(
                passage.through(message.sender()) >= message.number(),
                "VS14",
                () -> passage.life + " leaves " + view.id + " without " + message + ", which was safe");
    }
}
