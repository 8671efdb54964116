package io.loggos.api.group;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import java.util.Optional;

/**
 * This node's membership in a group. Safe for use by any thread.
 *
 * <p>A message is delivered in the view that it was sent in, to every member that goes on to the next view, the sender
 * included, or to none of them. Sends wait while there is no view yet and while it changes, and go out together: up to
 * {@link GroupOptions#windowBytes} may be under way, and as much again may wait.
 */
public interface Group extends AutoCloseable {
    String name();

    /** The view that the listener was told last; empty before the first, and after an eviction until the next. */
    Optional<View> view();

    /** Sends to all members in the group's usual order. */
    void multicast(Bytes message);

    /**
     * Sends to all members of the view, this one included. Returns once the message is queued.
     *
     * @throws io.loggos.api.OverloadedException if there is no room for it, at once or after the time to wait
     * @throws NotPrimaryException if the view is not primary, and the group's policy refuses to send in such
     * @throws io.loggos.api.CommandTooLargeException if it is larger than {@link GroupOptions#maxMessageBytes}
     * @throws io.loggos.api.NodeClosedException if the group or its node is closed
     */
    void multicast(Bytes message, Ordering ordering, Delivery delivery);

    /**
     * Sends to one member, in this sender's order with its multicasts. It arrives if both stay members, and nowhere if
     * the other is not a member when it is sent. It may be lost if the sender is cut off while the view changes, as only
     * these two have it.
     *
     * @throws io.loggos.api.OverloadedException as {@link #multicast(Bytes, Ordering, Delivery)}, and the others too
     */
    void send(NodeId to, Bytes message);

    /** Leaves the group. What was queued and not sent is dropped. Calling it again does nothing. */
    @Override
    void close();
}
