package io.loggos.api.group;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;

/**
 * Receives the messages and views of a group.
 *
 * <p>The group's thread {@code group-NAME}, or {@link GroupOptions#executor}, makes all calls, one at a time.
 * Messages and views come in one order. The methods may call {@link Group#multicast} and {@link Group#send}, which
 * never block here.
 *
 * <p>Three windows of messages of callbacks may wait to be sent, each counted with 64 bytes more, however much other
 * threads send. A send of a callback that finds no room throws {@link io.loggos.api.OverloadedException}, and nothing is
 * sent. A method that catches it keeps its membership, and may send later: for example when its own messages come.
 *
 * <p>The methods must not wait for an action of another member. A member that does not take its messages delays the
 * senders, and is excluded after {@link GroupOptions#slowMemberTimeout}. It delays no other group.
 *
 * <p>Anything thrown from a method ends the membership and goes to the node's
 * {@link io.loggos.api.node.ErrorHandler}. The listener receives {@link #onEvicted}, and the node joins again as a
 * new member.
 */
public interface GroupListener {
    /**
     * Receives a message, in the view of the last {@link #onView}. The sender is a member of it, possibly this node.
     */
    void onMessage(NodeId from, Bytes message);

    /**
     * Receives a message that was in flight in the snapshot that this cluster was restored from. Calls
     * {@link #onMessage} unless it is overridden.
     *
     * <p>These messages come once, in the order that the group promises. A member that takes over the state of
     * another one receives those that the state lacks. They follow the first view that has all members which the
     * group had in the snapshot, as far as they are nodes of this cluster. Until then the sends of this member wait.
     *
     * <p>They come earlier before a message of another member, or after a minute. In these two cases the sender may
     * be no member of the view.
     */
    default void onRestored(NodeId from, Bytes message) {
        onMessage(from, message);
    }

    /**
     * Answers a request of a member, possibly this node, in its place among messages and views.
     *
     * <p>By default there is no answer. What this method throws goes to the member that asks, as text, and does
     * not end this membership. An {@link Error} goes to the {@link io.loggos.api.node.ErrorHandler} too.
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
