package io.loggos.paxos.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.runtime.loop.LinkRouter;
import io.loggos.snapshot.runtime.SnapshotHost;

/** The messages of the links, as global snapshots see them. */
record SnapshotMessages(SnapshotHost snapshots) implements LinkRouter.Protocol {
    @Override
    public void onMessage(NodeId from, long number, Bytes message, long now) throws MalformedException {
        snapshots.onOwnMessage(from, number, message, now);
    }

    @Override
    public void beforeMessage(NodeId from, long number, Bytes message) {
        snapshots.onMessage(from, number, message);
    }

    @Override
    public void onOutgoingReset(NodeId peer, long now) {
        snapshots.onLinkReset(peer, now);
    }

    @Override
    public void onIncomingReset(NodeId peer, long now) {
        snapshots.onLinkReset(peer, now);
    }
}
