package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.testkit.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Sees what every member of one group is told and sends, and checks each event against all before it. The events of the
 * applications count; only views are judged when the protocol installs them.
 */
public final class Ghost {
    public final ViewRules views = new ViewRules();
    public final TransitionalRules together = new TransitionalRules();
    public final PrimaryRules primary;
    public final FoundingRules founding;
    public final StateRules states;
    public final StabilityRules stability;
    private final PartitionPolicy policy;
    private final boolean stateful;
    private final Map<Long, Sent> messages = new HashMap<>();
    private final TreeMap<ViewId, ViewGhost> ghosts = new TreeMap<>();
    /** View that each application is in. */
    private final TreeMap<Life, ViewGhost> current = new TreeMap<>();

    private long delivered;

    /** @param windowBytes the window of a sender and what may exceed it */
    public Ghost(
            int nodes,
            boolean byLog,
            PartitionPolicy policy,
            boolean stateful,
            long windowBytes,
            FoundingRules founding) {
        this.founding = founding;
        primary = new PrimaryRules(nodes, byLog, founding);
        states = new StateRules(policy == PartitionPolicy.REFUSE);
        // Two windows for each sender, and one more that may come before a member looks at its queue.
        stability = new StabilityRules(windowBytes, 3L * nodes * windowBytes);
        this.policy = policy;
        this.stateful = stateful;
    }

    public long delivered() {
        return delivered;
    }

    public int sent() {
        return messages.size();
    }

    public int views() {
        return ghosts.size();
    }

    public Sent message(long id) {
        Sent message = messages.get(id);
        if (message == null) {
            throw new Violation("VS5", "nobody has sent a message " + id);
        }
        return message;
    }

    /** Returns the number of the last message of each sender that an application has been given in its view. */
    public SortedMap<NodeId, Integer> causes(Life life) {
        ViewGhost view = current.get(life);
        return view == null ? new TreeMap<>() : new TreeMap<>(view.passage(life).through);
    }

    /** The view that an application is in. */
    @Nullable
    public ViewId viewOf(Life life) {
        ViewGhost view = current.get(life);
        return view == null ? null : view.id;
    }

    /** A member sends a message in the view that its protocol is in. */
    public void sent(
            Life life,
            long id,
            View view,
            Ordering ordering,
            Delivery delivery,
            @Nullable NodeId to,
            SortedMap<NodeId, Integer> causes) {
        Violation.unless(
                view.primary() || policy == PartitionPolicy.CONTINUE,
                "REFUSE",
                () -> life + " sends " + id + " in " + view);
        List<Sent> before = ghost(view.id()).sentBy(life.node());
        Sent message = new Sent(id, life, view.id(), before.size() + 1, ordering, delivery, to, causes);
        before.add(message);
        messages.put(id, message);
    }

    /**
     * The protocol installs a view.
     *
     * @param before the view that it comes from without a break; null if it comes anew
     */
    public void entered(Life life, ViewChange change, @Nullable View before) {
        views.entered(life, change, before);
        if (before != null) {
            together.cameFrom(life, change, before.id());
        }
        primary.entered(life, change.view(), before != null);
    }

    /** A member is given the state in a view, so that it comes from no other. */
    public void newcomer(Life life, ViewId view) {
        together.newcomer(life, view);
    }

    /** An application is given a message. */
    public Sent delivered(Life life, NodeId from, long id, ViewId packetView, boolean atCut, @Nullable ViewId next) {
        Sent message = message(id);
        ViewGhost view = current.get(life);
        if (view == null) {
            throw new Violation("VS4", life + " gets " + message + " in no view");
        }
        Passage passage = view.passage(life);
        DeliveryRules.delivered(view, passage, message, from, packetView);
        passage.add(message);
        AgreementRules.delivered(view, passage, message, atCut, next);
        delivered++;
        return message;
    }

    /**
     * A sender is told the fate of a message.
     *
     * @param atCut whether the receipt came with the end of the view
     */
    public void receipt(Life life, long id, Receipt receipt, boolean atCut) {
        Sent message = messages.get(id);
        ReceiptRules.ended(life, receipt, message, message == null ? null : ghost(message.view()), atCut);
    }

    /** An application is told of a view, in which it begins with a state. */
    public void installed(Life life, ViewChange change, State state) {
        ViewGhost before = current.get(life);
        if (before != null) {
            Passage passage = before.passage(life);
            DeliveryRules.ended(before, passage, change);
            AgreementRules.ended(before, passage, change, together);
            ReceiptRules.viewEnded(before, passage, change);
            passage.end = change;
        }
        Violation.unless(
                before == null || !change.joined().contains(life.node()),
                "VS18",
                () -> life + " is told that it has joined " + change.view() + ", but it was in " + before.id);
        ViewGhost now = ghost(change.view().id());
        now.passage(life);
        current.put(life, now);
        if (stateful) {
            states.began(life, change, state);
        }
    }

    /** An application is told that it is no member, or is there no more. */
    public void ended(Life life) {
        current.remove(life);
    }

    /** True if an application has all that was sent to it in a view. */
    public boolean hasAll(Life life, ViewId view) {
        ViewGhost ghost = ghost(view);
        Passage passage = ghost.passage(life);
        for (NodeId sender : ghost.senders()) {
            for (Sent sent : ghost.sentBy(sender)) {
                if (sent.isFor(life.node()) && sent.number() > passage.through(sender)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A cut is given out. */
    public void cut(Trim cut) {
        for (int i = 0; i < cut.survivors().size(); i++) {
            if (cut.digests().get(i).size() == 0) {
                ghost(cut.view()).unreached.add(cut.survivors().get(i).node());
            }
        }
    }

    private ViewGhost ghost(ViewId id) {
        return ghosts.computeIfAbsent(id, ViewGhost::new);
    }
}
