package io.loggos.paxos.runtime;

import io.loggos.api.NodeId;
import java.util.List;

/** Gives a node's logs views that no group has installed. */
public final class ViewHints {
    private ViewHints() {}

    /** Tells all logs of a node, in a turn of its loop, which nodes are up. */
    public static void give(LoggosNode node, List<NodeId> members) {
        node.loop().submit((loop, now) -> loop.onNodes(members));
    }
}
