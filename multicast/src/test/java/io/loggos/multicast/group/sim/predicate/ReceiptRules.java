package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.Receipt.Outcome;
import io.loggos.api.group.ViewChange;
import io.loggos.testkit.Violation;
import org.jspecify.annotations.Nullable;

/**
 * VS20: a receipt is true. Who says that a multicast is delivered has delivered it, and so do all that go on with it (by VS6).
 * What is stable, everybody delivers who goes on; by a cut, everybody who goes on with the sender, to a primary view. A message to one member is there, or will be before the next view. What was
 * not sent, nobody gets. What is unknown, its sender did not survive, unless it was for one member.
 */
final class ReceiptRules {
    private ReceiptRules() {}

    /**
     * @param message the message; null if it was never sent
     * @param atCut whether the receipt came with the end of the view. Then the receiver of a message to one may get it later
     */
    static void ended(Life life, Receipt receipt, @Nullable Sent message, @Nullable ViewGhost view, boolean atCut) {
        if (receipt.outcome() == Outcome.NOT_SENT) {
            Violation.unless(message == null, "VS20", () -> life + " calls " + message + " not sent");
            return;
        }
        if (message == null || view == null) {
            throw new Violation("VS20", life + " has " + receipt + " for a message that it has not sent");
        }
        Violation.unless(
                receipt.view().filter(of -> of.id().equals(message.view())).isPresent(),
                "VS20",
                () -> receipt + " for " + message);
        if (receipt.isDelivered()) {
            delivered(life, receipt.outcome() == Outcome.STABLE, message, view, atCut);
        } else if (message.isFor(life.node())) {
            view.unknown.add(message);
        }
    }

    private static void delivered(Life life, boolean stable, Sent message, ViewGhost view, boolean atCut) {
        if (message.isFor(life.node())) {
            has(view.passage(life), message);
        } else if (message.to() != null) {
            toOne(message.to(), message, view, atCut);
        }
        Violation.unless(
                !stable || (message.isSafe() && message.to() == null), "VS20", () -> message + " is called stable");
        if (stable && atCut) {
            view.stableByCut.add(message);
        } else if (stable) {
            stable(message, view);
        }
    }

    private static void stable(Sent message, ViewGhost view) {
        view.stable.add(message);
        view.passages.values().stream().filter(other -> other.end != null).forEach(other -> has(other, message));
    }

    private static void toOne(NodeId to, Sent message, ViewGhost view, boolean atCut) {
        boolean known = false;
        for (Passage passage : view.passages.values()) {
            if (passage.life.node().equals(to) && (!atCut || passage.end != null)) {
                has(passage, message);
                known = true;
            }
        }
        Violation.unless(known || atCut, "VS20", () -> message + " is called delivered where nobody was");
        if (atCut) {
            view.promised.add(message);
        }
    }

    /** A member has left the view for another. */
    static void viewEnded(ViewGhost view, Passage passage, ViewChange change) {
        view.stable.forEach(message -> has(passage, message));
        for (Sent message : view.stableByCut) {
            // Into a view that is not primary, it is stable only if all had it before.
            if (!change.view().primary() && message.by().equals(passage.life)) {
                stable(message, view);
            }
        }
        for (Sent message : view.promised) {
            NodeId to = message.to();
            if (message.isFor(passage.life.node())) {
                has(passage, message);
            }
            boolean isOwn = to != null && message.by().equals(passage.life);
            Violation.unless(
                    !isOwn || change.transitional().contains(to) || isThere(message, view),
                    "VS20",
                    () -> message + " is called delivered by a cut, to one that does not go on to " + change.view());
        }
        for (Sent message : view.unknown) {
            Violation.unless(
                    !message.by().equals(passage.life),
                    "VS20",
                    () -> passage.life + " goes on to " + change.view() + " and does not know of its own " + message);
        }
    }

    private static boolean isThere(Sent message, ViewGhost view) {
        return view.passages.values().stream()
                .anyMatch(passage -> message.isFor(passage.life.node())
                        && passage.through(message.sender()) >= message.number()
                        && !passage.lacking.contains(message));
    }

    private static void has(Passage passage, Sent message) {
        Violation.unless(
                passage.through(message.sender()) >= message.number() && !passage.lacking.contains(message),
                "VS20",
                () -> passage.life + " lacks " + message + ", which a receipt calls delivered");
    }
}
