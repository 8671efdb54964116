package io.loggos.api.group;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadPolicy;
import io.loggos.api.OverloadedException;
import java.util.Optional;

/**
 * This node's membership in a group. Safe for use by any thread.
 *
 * <p>A message is delivered in the view in which it was sent. Either every member that goes on to the next view
 * delivers it, the sender included, or none of them does.
 *
 * <p>Sends wait while there is no view yet or the view changes, and then go out together. Up to {@link
 * GroupOptions#windowBytes} may be under way, and as many bytes again may wait.
 */
public interface Group extends AutoCloseable {
    /** The name of the group. */
    String name();

    /** The view that the listener received last. Empty before the first view, and after an eviction until the next. */
    Optional<View> view();

    /**
     * Sends to all members in the group's default order. Throws as {@link #multicast(Bytes, Ordering, Delivery)} does.
     */
    void multicast(Bytes message);

    /**
     * Sends to all members of the view, this one included. Returns once the message is queued.
     *
     * <p>Under {@link OverloadPolicy#WAIT} the call may block, but never within a callback of a node. A thread that is
     * interrupted while it waits gets {@link OverloadedException} and stays interrupted.
     *
     * @throws OverloadedException if there is no room for it, at once or after the configured wait
     * @throws NotPrimaryException if the view is not primary and the group's policy refuses to send in such views
     * @throws MessageTooLargeException if it is larger than {@link GroupOptions#maxMessageBytes}
     * @throws io.loggos.api.NodeClosedException if the group or its node is closed
     */
    void multicast(Bytes message, Ordering ordering, Delivery delivery);

    /**
     * Sends to one member, in FIFO order with this sender's multicasts.
     *
     * <p>The message arrives if both stay members. It is dropped if the other node is not a member at that time. It may
     * be lost if the sender is cut off while the view changes, because no third member has a copy.
     *
     * <p>Throws and blocks as {@link #multicast(Bytes, Ordering, Delivery)} does.
     */
    void send(NodeId to, Bytes message);

    /**
     * Leaves the group. Drops all messages that are queued and not sent. A second call does nothing.
     *
     * <p>Returns once the listener has received its last event, or at once if the listener calls it. It does not wait
     * longer than {@link io.loggos.api.node.UserCodeOptions#closeTimeout}.
     */
    @Override
    void close();
}
