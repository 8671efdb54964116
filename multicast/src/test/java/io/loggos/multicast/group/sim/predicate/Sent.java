package io.loggos.multicast.group.sim.predicate;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewId;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A message as the ghost knows it.
 *
 * @param number counts what the sender has sent in the view, from 1
 * @param to the one member it is for, or null
 * @param causes for each sender, through which number the sender's application had been given its messages in this view
 */
public record Sent(
        long id,
        Life by,
        ViewId view,
        int number,
        Ordering ordering,
        Delivery delivery,
        @Nullable NodeId to,
        SortedMap<NodeId, Integer> causes) {
    public NodeId sender() {
        return by.node();
    }

    boolean isFor(NodeId node) {
        return to == null || to.equals(node);
    }

    boolean isSafe() {
        return delivery == Delivery.SAFE;
    }

    boolean isTotal() {
        return ordering.isTotal();
    }

    @Override
    public String toString() {
        return "m" + id + "(" + sender() + ":" + number + " " + ordering + (isSafe() ? " safe" : "")
                + (to == null ? "" : " to " + to) + " in " + view + ")";
    }
}
