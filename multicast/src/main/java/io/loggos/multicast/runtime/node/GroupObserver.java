package io.loggos.multicast.runtime.node;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import org.jspecify.annotations.Nullable;

/** Events of the groups that the rest of the node uses. On the loop's thread, in the order of the events. */
public interface GroupObserver {
    /** Drops every event. */
    GroupObserver NONE = new GroupObserver() {
        @Override
        public void nodesEntered(@Nullable View view, long now) {}

        @Override
        public void nodesSaid(NodeId from, Bytes message, long now) {}

        @Override
        public void viewChanged(String group, long now) {}
    };

    /** The group of all nodes has a new view here; null if this node is no longer a member of it. */
    void nodesEntered(@Nullable View view, long now);

    /** A message was delivered in the group of all nodes. */
    void nodesSaid(NodeId from, Bytes message, long now);

    /** Another group has a new view here, or none any more. */
    void viewChanged(String group, long now);
}
