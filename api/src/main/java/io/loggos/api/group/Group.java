package io.loggos.api.group;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadPolicy;
import io.loggos.api.OverloadedException;
import io.loggos.api.group.request.Answers;
import io.loggos.api.group.request.Quota;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

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
     * Waits for a view: the present one if it is wanted, or the first later one that is.
     *
     * <p>Evaluates the predicate on the calling thread, and then on the thread of the listeners. That also completes the
     * future, once the listener has received the view. The future fails with what the predicate throws, and with {@link
     * io.loggos.api.NodeClosedException} if the group is closed first. It has no deadline of its own: {@link
     * CompletableFuture#orTimeout} sets one.
     */
    CompletableFuture<View> awaitView(Predicate<View> wanted);

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
     * Sends to all members in the group's default order, and reports the fate of the message.
     *
     * <p>Does as {@link #multicastWithReceipt(Bytes, Ordering, Delivery)}.
     */
    CompletableFuture<Receipt> multicastWithReceipt(Bytes message);

    /**
     * Sends to all members as {@link #multicast(Bytes, Ordering, Delivery)} does, and reports the fate of the message.
     *
     * <p>The future ends with {@link Receipt.Outcome#DELIVERED} or, with {@link Delivery#SAFE}, with {@link
     * Receipt.Outcome#STABLE}, after the listener of this member has received the message. It ends with {@link
     * Receipt.Outcome#UNKNOWN} if this member was excluded before. A message that still waits when the view changes goes
     * out in the next view, and its receipt names that one.
     *
     * <p>The future never fails. The thread of the listeners completes it, in its place among messages and views, so a
     * dependent stage must not block.
     */
    CompletableFuture<Receipt> multicastWithReceipt(Bytes message, Ordering ordering, Delivery delivery);

    /**
     * Sends to one member as {@link #send} does, and reports the fate of the message.
     *
     * <p>The future ends with {@link Receipt.Outcome#DELIVERED} once the listener of the other member has received the
     * message, which is known about one heartbeat later. If the view changes before, and both go on, it ends so too. It
     * ends with {@link Receipt.Outcome#NOT_SENT} if the other node is not a member, and otherwise with {@link
     * Receipt.Outcome#UNKNOWN}. It completes as that of {@link #multicastWithReceipt(Bytes, Ordering, Delivery)}.
     */
    CompletableFuture<Receipt> sendWithReceipt(NodeId to, Bytes message);

    /**
     * Asks one member, this one or another, and waits for its answer.
     *
     * <p>The member's {@link GroupListener#onRequest} answers. The request travels as a message of {@link #send} does.
     *
     * <p>The future ends once the member has answered, failed to, or left, or at the deadline. It fails only with {@link
     * io.loggos.api.NodeClosedException}. The thread of the listeners completes it, so a dependent stage must not
     * block; or, at the deadline, one of the threads {@code answer-N} of the node.
     *
     * <p>Throws and blocks as {@link #multicast(Bytes, Ordering, Delivery)} does. A request and an answer are each 16 bytes
     * shorter than the longest message.
     *
     * @param deadline 1 ms to 1 day, from now
     * @throws IllegalArgumentException if the deadline is out of bounds
     */
    CompletableFuture<Answers> request(NodeId to, Bytes request, Duration deadline);

    /**
     * Asks all members of the view, this one included, and waits for the answers of so many.
     *
     * <p>The request travels as a multicast in the group's default order and delivery, so all listeners get requests and
     * messages in that order. The future ends once enough members have answered or nobody is left who might, or at the
     * deadline. Otherwise this method does as {@link #request(NodeId, Bytes, Duration)}.
     */
    CompletableFuture<Answers> request(Bytes request, Quota quota, Duration deadline);

    /**
     * Leaves the group. Drops all messages that are queued and not sent. A second call does nothing.
     *
     * <p>Returns once the listener has received its last event, or at once if the listener calls it. It does not wait
     * longer than {@link io.loggos.api.node.UserCodeOptions#closeTimeout}.
     */
    @Override
    void close();
}
