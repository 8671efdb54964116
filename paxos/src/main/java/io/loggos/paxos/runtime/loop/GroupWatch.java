package io.loggos.paxos.runtime.loop;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.runtime.node.GroupObserver;
import io.loggos.snapshot.runtime.SnapshotHost;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the events of the groups to the logs and the global snapshots. */
public final class GroupWatch implements GroupObserver {
    private static final Logger LOGGER = LoggerFactory.getLogger(GroupWatch.class);

    private final OpenLogs logs;
    private final SnapshotHost snapshots;

    public GroupWatch(OpenLogs logs, SnapshotHost snapshots) {
        this.logs = logs;
        this.snapshots = snapshots;
    }

    @Override
    public void nodesEntered(@Nullable View view, long now) {
        if (view != null) {
            logs.onNodes(view.members());
        }
        snapshots.onView(view, now);
    }

    @Override
    public void nodesSaid(NodeId from, Bytes message, long now) {
        try {
            snapshots.onNodesSaid(from, message, now);
        } catch (MalformedException e) {
            LOGGER.warn("{} said something to all nodes that makes no sense", from, e);
        }
    }

    @Override
    public void viewChanged(String group, long now) {
        snapshots.onViewChanged(group, now);
    }
}
