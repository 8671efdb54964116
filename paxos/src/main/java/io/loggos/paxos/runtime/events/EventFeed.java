package io.loggos.paxos.runtime.events;

import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.UnavailableException;
import io.loggos.api.node.NodeEvent;
import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The events of a node, for its log and the application's listeners, and the future of its forming. Any thread. */
public final class EventFeed {
    private static final Logger LOGGER = LoggerFactory.getLogger(EventFeed.class);
    /** Events that may wait for the listeners. Beyond them, events are passed over. */
    private static final int MOST_WAITING = 1_024;

    private final NodeId self;
    private final UserCode userCode;
    private final List<Consumer<NodeEvent>> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    /** Lane of the listeners; null while there are none. */
    private volatile @Nullable Lane lane;

    public EventFeed(NodeId self, UserCode userCode) {
        this.self = self;
        this.userCode = userCode;
    }

    /** Calls back with each event from now on. */
    public synchronized void add(Consumer<NodeEvent> listener) {
        if (lane == null) {
            lane = userCode.lane("events");
        }
        listeners.add(listener);
    }

    /** Tells an event to the log and to the listeners. */
    public void tell(NodeEvent event) {
        if (!(event instanceof NodeEvent.Halted)) { // The replica logs it, with its cause.
            LOGGER.info("node {}: {}", self.value(), event);
        }
        Lane open = lane;
        if (open == null) {
            return;
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            LOGGER.warn("node {}: a listener for events is late, and is not told: {}", self.value(), event);
            return;
        }
        open.execute(() -> {
            waiting.decrementAndGet();
            for (Consumer<NodeEvent> listener : listeners) {
                userCode.attempt("a listener for events of the node", () -> listener.accept(event));
            }
        });
    }

    /** A future that ends when the cluster has formed, or with the reason why this node takes no part any more. */
    public CompletableFuture<Void> ready() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        CompletableFuture<Void> unused = ready.whenComplete((nothing, cause) -> userCode.answer(() -> {
            if (cause == null) {
                told.complete(null);
            } else {
                told.completeExceptionally(cause);
            }
        }));
        return told;
    }

    /** All nodes have met. */
    public void formed() {
        tell(new NodeEvent.Formed());
        ready.complete(null);
    }

    /** This node must take no part any more. */
    public void fenced(String reason) {
        tell(new NodeEvent.Fenced(reason));
        ready.completeExceptionally(
                new UnavailableException("node " + self.value() + " takes no part any more: " + reason));
    }

    /** This node is no member any more. */
    public void removed(String reason) {
        tell(new NodeEvent.Removed(reason));
        ready.completeExceptionally(
                new UnavailableException("node " + self.value() + " is no member any more: " + reason));
    }

    /** The node closes. */
    public void closing() {
        tell(new NodeEvent.Closing());
        ready.completeExceptionally(new NodeClosedException("node " + self.value() + " is closed"));
    }

    /** An agent of the node has died. */
    public void died(String reason) {
        ready.completeExceptionally(new NodeClosedException("node " + self.value() + " has stopped: " + reason));
    }
}
