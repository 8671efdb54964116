package io.loggos.paxos.runtime;

import io.loggos.api.NodeId;
import java.util.List;

/** Gives the logs of a node views that no group has installed. */
public final class ViewHints {
    private ViewHints() {}

    /** Tells all logs of a node which nodes are up, in a turn of its loop. */
    public static void give(LoggosNode node, List<NodeId> members) {
        node.events().submit(now -> node.logs().onNodes(members));
    }
}
