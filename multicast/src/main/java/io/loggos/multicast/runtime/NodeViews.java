package io.loggos.multicast.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.GroupListener;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Nodes that are up: the views of the group that every node joins when it starts. */
public final class NodeViews implements GroupListener {
    private static final Logger LOGGER = LoggerFactory.getLogger(NodeViews.class);

    private final DeliveryAgent deliverer;
    private final View alone;
    /** Listeners for views; used by the listeners' thread. */
    private final List<Consumer<View>> listeners = new ArrayList<>();

    private volatile View view;

    NodeViews(NodeId self, DeliveryAgent deliverer) {
        this.deliverer = deliverer;
        this.alone = new View(new ViewId(0, self, 0), List.of(self), false);
        this.view = alone;
    }

    /** The present view; of this node alone while there is no other. Any thread. */
    public View view() {
        return view;
    }

    /** Calls back with the present view and each that follows. Any thread. */
    public void onView(Consumer<View> listener) {
        deliverer.execute(() -> {
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
        listeners.forEach(listener -> tell(listener, newView));
    }

    private static void tell(Consumer<View> listener, View view) {
        try {
            listener.accept(view);
        } catch (RuntimeException e) {
            LOGGER.error("a listener for views threw at {}", view, e);
        }
    }
}
