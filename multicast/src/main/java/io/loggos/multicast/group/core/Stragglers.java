package io.loggos.multicast.group.core;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupMessage.Install;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Nodes that still talk in a view that is over here: they are told how it ended, or which view is here. */
final class Stragglers {
    private final GroupEffects effects;
    private final long intervalNanos;
    /** The message that brought this member into its view. */
    private @Nullable Install last;
    /** Time at which each node was told last. */
    private final TreeMap<NodeId, Long> told = new TreeMap<>();

    Stragglers(GroupEffects effects, long intervalNanos) {
        this.effects = effects;
        this.intervalNanos = intervalNanos;
    }

    void remember(Install install) {
        last = install;
    }

    /** True if the present view came right after that one. */
    boolean knowEndOf(ViewId view) {
        return last != null && last.view().equals(view);
    }

    /** Tells a node what it has missed, at most once in an interval. */
    void tell(NodeId node, ViewId view, Membership here, long now) {
        Long before = told.get(node);
        if (before == null || now - before >= intervalNanos) {
            told.put(node, now);
            effects.send(node, last != null && knowEndOf(view) ? last : here.presence());
        }
    }

    /** Tells a node that has joined the present view and does not know it yet. */
    void tellJoiner(NodeId node) {
        if (last != null) {
            effects.send(node, last);
        }
    }
}
