package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.testkit.Violation;
import java.util.List;
import java.util.Map;

/**
 * Predicates of each delivery. A message is delivered in the view that it was sent in (VS4), not created and not twice (VS5).
 * It comes in the order of its sender (VS7) and after its causes (VS8, and VS10 for total messages). A member gets what it sent itself
 * (VS11). A message to one member alone may be missing, but not if both go on together and took part in the end of the view.
 */
final class DeliveryRules {
    private DeliveryRules() {}

    static void delivered(ViewGhost view, Passage passage, Sent message, NodeId from, ViewId packetView) {
        Life life = passage.life;
        Violation.unless(
                message.view().equals(view.id) && packetView.equals(view.id),
                "VS4",
                () -> life + " gets " + message + " in " + view.id + " from a packet of " + packetView);
        Violation.unless(
                message.sender().equals(from) && message.isFor(life.node()),
                "VS5",
                () -> life + " gets " + message + " as from " + from);
        int through = passage.through(from);
        Violation.unless(message.number() > through, "VS5", () -> life + " gets " + message + " again");
        missing(view, passage, from, message.number() - 1, "VS7", message);
        if (message.ordering().isCausal()) {
            for (Map.Entry<NodeId, Integer> cause : message.causes().entrySet()) {
                if (!cause.getKey().equals(from)) {
                    String predicate = message.isTotal() ? "VS10" : "VS8";
                    missing(view, passage, cause.getKey(), cause.getValue(), predicate, message);
                }
            }
        }
    }

    private static void missing(
            ViewGhost view, Passage passage, NodeId sender, int through, String predicate, Sent before) {
        List<Sent> sent = view.sentBy(sender);
        for (int number = passage.through(sender) + 1; number <= through; number++) {
            Sent lacking = sent.get(number - 1);
            Violation.unless(
                    lacking.to() != null, predicate, () -> passage.life + " gets " + before + " before " + lacking);
            if (lacking.isFor(passage.life.node())) {
                passage.lacking.add(lacking);
            }
        }
    }

    static void ended(ViewGhost view, Passage passage, ViewChange change) {
        for (Sent lacking : passage.lacking) {
            Violation.unless(
                    !change.transitional().contains(lacking.sender()) || view.unreached.contains(lacking.sender()),
                    "VS7",
                    () -> passage.life + " leaves " + view.id + " together with its sender and without " + lacking);
        }
        for (Sent own : view.sentBy(passage.life.node())) {
            Violation.unless(
                    !own.by().equals(passage.life)
                            || !own.isFor(passage.life.node())
                            || own.number() <= passage.through(own.sender()),
                    "VS11",
                    () -> passage.life + " leaves " + view.id + " without its own " + own);
        }
    }
}
