package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.OverloadPolicy;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.internal.user.Lane;
import io.loggos.internal.user.UserCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nodes that are up: the views of the group that every node joins when it starts. */
public final class NodeViews implements GroupListener {
    /** Name of the group of all nodes that are up. */
    static final String GROUP = "loggos.nodes";
    /** Thread that takes the messages of the group. */
    static final String LANE = "deliver";
    /** Options of the group. No sender waits for room, and the group awaits no founders. */
    static final GroupOptions OPTIONS = GroupOptions.builder(Ordering.FIFO)
            .overloadPolicy(OverloadPolicy.FAIL_FAST)
            .foundingTimeout(Duration.ofMillis(1))
            .build();

    private static final Logger LOGGER = LoggerFactory.getLogger(NodeViews.class);
    /** Views that may wait for the listeners. Beyond them, some are passed over. */
    private static final int MOST_WAITING = 1_024;

    private final UserCode userCode;
    private final View alone;
    /** Listeners for views; used in the lane. */
    private final List<Consumer<View>> listeners = new ArrayList<>();

    private final AtomicInteger waiting = new AtomicInteger();
    /** Lane of the listeners; null while there are none. */
    private volatile @Nullable Lane lane;

    private volatile View view;

    NodeViews(NodeId self, UserCode userCode) {
        this.userCode = userCode;
        this.alone = new View(new ViewId(0, self, 0), List.of(self), false);
        this.view = alone;
    }

    /** The present view; of this node alone while there is no other. Any thread. */
    public View view() {
        return view;
    }

    /** Calls back with the present view and each that follows. Any thread. */
    public synchronized void onView(Consumer<View> listener) {
        Lane open = lane;
        if (open == null) {
            open = userCode.lane("views");
            lane = open;
        }
        open.execute(() -> {
            listeners.add(listener);
            tell(listener, view);
        });
    }

    @Override
    public void onMessage(NodeId from, Bytes message) {
        LOGGER.debug("{} said something to all nodes, which has no meaning yet", from);
    }

    @Override
    public void onView(ViewChange change) {
        enter(change.view());
    }

    @Override
    public void onEvicted(String reason) {
        enter(alone);
    }

    private void enter(View newView) {
        view = newView;
        Lane open = lane;
        if (open != null && waiting.get() < MOST_WAITING) {
            waiting.incrementAndGet();
            open.execute(() -> {
                boolean isLast = waiting.decrementAndGet() == 0;
                View told = isLast ? view : newView;
                listeners.forEach(listener -> tell(listener, told));
            });
        }
    }

    private void tell(Consumer<View> listener, View told) {
        userCode.attempt("a listener for views of the nodes", () -> listener.accept(told));
    }
}
