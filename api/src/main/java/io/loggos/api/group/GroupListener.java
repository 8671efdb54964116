package io.loggos.api.group;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;

/**
 * Receives the messages and views of a group.
 *
 * <p>One thread of a node makes all calls to all its listeners, one at a time. Messages and views of a group come in one
 * order. The methods may call {@link Group#multicast} and {@link Group#send}, which never block on this thread.
 *
 * <p>The methods must not wait for an action of another member. A member that does not take its messages delays the
 * senders, and is excluded after {@link GroupOptions#slowMemberTimeout}.
 *
 * <p>A {@link RuntimeException} from a method ends the membership. The listener receives {@link #onEvicted}, and the node
 * joins again as a new member. An {@link Error} stops all replicas and groups of the node.
 */
public interface GroupListener {
    /**
     * Receives a message, in the view of the last {@link #onView}. The sender is a member of it, possibly this node.
     */
    void onMessage(NodeId from, Bytes message);

    /**
     * Answers a request of a member, possibly this node, in its place among messages and views.
     *
     * <p>By default there is no answer. A {@link RuntimeException} goes to the member that asks, as text, and does not end
     * this membership.
     *
     * @return the answer, at most 16 bytes shorter than the longest message
     */
    default Bytes onRequest(NodeId from, Bytes request) {
        throw new UnsupportedOperationException("this listener answers no requests");
    }

    /** Receives a new view. */
    default void onView(ViewChange change) {}

    /**
     * Reports that this node is no longer a member: the others excluded it or suspected it of having failed, or the
     * listener threw.
     *
     * <p>Unless the group was closed, the node joins again as a new member. It takes over the state of the remaining
     * members, and {@link #onView} reports the view.
     */
    default void onEvicted(String reason) {}
}
