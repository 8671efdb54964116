package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadPolicy;
import io.loggos.api.OverloadedException;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Group;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.MessageTooLargeException;
import io.loggos.api.group.NotPrimaryException;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.request.Answers;
import io.loggos.api.group.request.Quota;
import io.loggos.api.spi.Meters;
import io.loggos.internal.user.Lane;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.core.model.Submission;
import io.loggos.multicast.group.request.RequestEnvelope;
import io.loggos.multicast.runtime.ask.ReceiptFutures;
import io.loggos.multicast.runtime.ask.Requests;
import io.loggos.multicast.runtime.ask.ViewWaiters;
import io.loggos.multicast.runtime.node.Restored;
import io.loggos.multicast.runtime.node.RestoredBacklog;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A group as its callers see it.
 *
 * <p>Messages to send go into a queue, and the loop is told once that there is something in it. The one lock is for
 * callers who wait for room in the queue, so nothing of the node ever waits for a caller.
 */
final class LocalGroup implements Group {
    private final GroupHost host;
    private final String name;
    private final GroupId id;
    private final GroupOptions options;
    private final GroupListener listener;
    private final SendBuffer buffer;
    private final GroupMeters meters;
    private final Lane lane;
    /** True if nothing else uses the lane. */
    private final boolean ownsLane;

    private final RestoredBacklog restored;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final ReceiptFutures receipts = new ReceiptFutures();
    private final ViewWaiters viewWaiters = new ViewWaiters();
    private final Requests requests = new Requests(new RequestHost());
    /** True if the loop was told of what waits, and has not looked yet. */
    private final AtomicBoolean told = new AtomicBoolean();

    /** View that the listener knows. */
    private volatile @Nullable View view;
    /** True if the loop's view forbids to send. */
    private volatile boolean refuses;

    private volatile boolean closed;

    /**
     * Creates a group that is not open yet.
     *
     * @param lane runs the listener
     * @param ownsLane true if the lane ends with the group
     */
    LocalGroup(
            GroupHost host,
            String name,
            GroupOptions options,
            GroupListener listener,
            Meters meters,
            Lane lane,
            boolean ownsLane,
            Restored restore) {
        this.lane = lane;
        this.ownsLane = ownsLane;
        this.host = host;
        this.name = name;
        this.id = GroupId.ofName(name);
        this.options = options;
        this.listener = listener;
        this.buffer = new SendBuffer(options.windowBytes());
        this.meters = new GroupMeters(meters, name, this::size, buffer::usedBytes);
        this.restored = new RestoredBacklog(restore, name, this::holdSends);
        buffer.hold(restored.waits());
    }

    private void holdSends(boolean held) {
        buffer.hold(held);
        if (!held) {
            host.hasToSend(this);
        }
    }

    private long size() {
        View now = view;
        return now == null ? 0 : now.members().size();
    }

    @Override
    public String name() {
        return name;
    }

    GroupId id() {
        return id;
    }

    GroupOptions options() {
        return options;
    }

    GroupListener listener() {
        return listener;
    }

    SendBuffer buffer() {
        return buffer;
    }

    GroupMeters meters() {
        return meters;
    }

    @Override
    public Optional<View> view() {
        return Optional.ofNullable(view);
    }

    Lane lane() {
        return lane;
    }

    /** Messages from a snapshot. This member sends nothing while they wait. Used in the lane. */
    RestoredBacklog restored() {
        return restored;
    }

    /** Notes the view, or its end, that the listener is about to be told of. */
    void told(@Nullable View newView) {
        view = newView;
    }

    @Override
    public CompletableFuture<View> awaitView(Predicate<View> wanted) {
        CompletableFuture<View> awaited = viewWaiters.await(wanted, () -> view);
        if (ended.getCount() == 0) {
            viewWaiters.fail(closedException());
        }
        return awaited;
    }

    /** Notes that the listener has received its view. */
    void viewTold(ViewChange change) {
        viewWaiters.entered(change.view());
        requests.onView(change);
    }

    /** Notes that the loop is in a view, or in none. */
    void entered(@Nullable View newView) {
        refuses = newView != null && !newView.primary() && options.partitionPolicy() == PartitionPolicy.REFUSE;
        if (refuses) {
            buffer.wakeWaiting();
        }
    }

    @Override
    public void multicast(Bytes message) {
        submit(new Submission(message, options.ordering(), options.delivery(), null));
    }

    @Override
    public void multicast(Bytes message, Ordering ordering, Delivery delivery) {
        submit(new Submission(message, ordering, delivery, null));
    }

    @Override
    public void send(NodeId to, Bytes message) {
        submit(new Submission(message, Ordering.FIFO, Delivery.ON_RECEIPT, to));
    }

    @Override
    public CompletableFuture<Receipt> multicastWithReceipt(Bytes message) {
        return multicastWithReceipt(message, options.ordering(), options.delivery());
    }

    @Override
    public CompletableFuture<Receipt> multicastWithReceipt(Bytes message, Ordering ordering, Delivery delivery) {
        return track(message, Packet.Content.MESSAGES, ordering, delivery, null);
    }

    @Override
    public CompletableFuture<Receipt> sendWithReceipt(NodeId to, Bytes message) {
        return track(message, Packet.Content.MESSAGES, Ordering.FIFO, Delivery.ON_RECEIPT, to);
    }

    private CompletableFuture<Receipt> track(
            Bytes message, Packet.Content content, Ordering ordering, Delivery delivery, @Nullable NodeId to) {
        ReceiptFutures.Tracked receipt = receipts.open();
        try {
            submit(new Submission(message, content, ordering, delivery, to, receipt));
        } catch (RuntimeException e) {
            receipts.refused(receipt);
            throw e;
        }
        if (ended.getCount() == 0) {
            receipts.endAll(Receipt.Outcome.NOT_SENT);
        }
        return receipt;
    }

    @Override
    public CompletableFuture<Answers> request(NodeId to, Bytes request, Duration deadline) {
        return ask(request, Quota.ALL, to, deadline);
    }

    @Override
    public CompletableFuture<Answers> request(Bytes request, Quota quota, Duration deadline) {
        return ask(request, quota, null, deadline);
    }

    private CompletableFuture<Answers> ask(Bytes request, Quota quota, @Nullable NodeId to, Duration deadline) {
        checkSize(request.size() + RequestEnvelope.OVERHEAD_BYTES);
        CompletableFuture<Answers> answers =
                requests.ask(request, quota, to, deadline, host.clock().nanos());
        if (ended.getCount() == 0) {
            requests.fail(closedException());
        }
        return answers;
    }

    /** Answers a request of another member. Drops the answer if there is no room for it, or nobody may send. */
    void answer(NodeId to, Bytes answer) {
        try {
            submit(new Submission(answer, Packet.Content.ANSWERS, Ordering.FIFO, Delivery.ON_RECEIPT, to, null));
        } catch (LoggosException e) {
            host.warn(this, "no answer goes to " + to + ": " + e.getMessage());
        }
    }

    Requests requests() {
        return requests;
    }

    private final class RequestHost implements Requests.Host {
        @Override
        public void send(Bytes request, @Nullable NodeId to, PendingReceipt receipt) {
            Ordering ordering = to == null ? options.ordering() : Ordering.FIFO;
            Delivery delivery = to == null ? options.delivery() : Delivery.ON_RECEIPT;
            submit(new Submission(request, Packet.Content.REQUESTS, ordering, delivery, to, receipt));
        }

        @Override
        public void wakeAfter(long nanos) {
            host.later(nanos, requests::onTime);
        }

        @Override
        public void complete(Runnable completion) {
            host.complete(completion);
        }
    }

    private void checkSize(int bytes) {
        if (bytes > options.maxMessageBytes()) {
            throw new MessageTooLargeException("group \"" + name + "\": a message has at most "
                    + options.maxMessageBytes() + " bytes, this one has " + bytes);
        }
    }

    private void submit(Submission submission) {
        checkSize(submission.message().size());
        refuse();
        if (!buffer.offer(submission) && !waitForRoom(submission)) {
            refuse();
            meters.overloads().add(1);
            throw new OverloadedException(
                    "group \"" + name + "\": as much waits as may, " + options.windowBytes() + " bytes");
        }
        if (!told.get() && told.compareAndSet(false, true)) {
            host.hasToSend(this);
        }
    }

    private void refuse() {
        if (closed) {
            throw closedException();
        }
        if (refuses) {
            throw new NotPrimaryException("group \"" + name + "\": this node's view is not primary");
        }
    }

    private NodeClosedException closedException() {
        return new NodeClosedException("group \"" + name + "\" is closed on this node");
    }

    private boolean waitForRoom(Submission submission) {
        if (Lane.isAnyHere()) {
            return buffer.offerFromCallback(submission);
        }
        if (options.overloadPolicy() != OverloadPolicy.WAIT) {
            return false;
        }
        try {
            return buffer.offer(submission, options.sendTimeout().toNanos(), () -> !closed && !refuses);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Notes that the loop is about to look at what waits. */
    void looksAtBuffer() {
        told.set(false);
    }

    boolean isClosed() {
        return closed;
    }

    /** Refuses all messages from now on. */
    void markClosed() {
        // First, since a group that is closed may be joined again.
        meters.close();
        closed = true;
        buffer.wakeWaiting();
    }

    /** Ends a closed group, once the listener has received the member's last event. */
    void ended() {
        end(Receipt.Outcome.NOT_SENT);
    }

    /** Ends a group whose loop turns no more. */
    void abandoned() {
        markClosed();
        end(Receipt.Outcome.UNKNOWN);
    }

    /** @param unsettled the fate of the messages of which nothing is known yet */
    private void end(Receipt.Outcome unsettled) {
        if (closed) {
            view = null;
            host.ended(this);
            ended.countDown();
            receipts.endAll(unsettled);
            viewWaiters.fail(closedException());
            requests.fail(closedException());
            if (ownsLane) {
                lane.close();
            }
        }
    }

    @Override
    public void close() {
        if (!closed) {
            markClosed();
            host.close(this);
            if (!lane.isHere()) {
                host.drain(ended);
            }
        }
    }
}
