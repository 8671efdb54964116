package io.loggos.snapshot.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.cut.ChannelState;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.snapshot.core.Channel;
import io.loggos.snapshot.core.Recording;
import io.loggos.snapshot.store.PartDigest;
import io.loggos.snapshot.store.PartWriter;
import io.loggos.snapshot.store.SnapshotStore;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** This node's part of one snapshot, from the cut until it is on disk. */
final class LocalPart {
    private final SnapshotId id;
    private final NodeId self;
    private final long incarnation;
    private final Instant takenAt;
    private final CompletableFuture<RecordedNode> recorded;
    /** True once it is to be written; used by the loop. */
    private boolean written;

    private volatile boolean discarded;

    LocalPart(SnapshotId id, NodeId self, long incarnation, Instant takenAt, CompletableFuture<RecordedNode> recorded) {
        this.id = id;
        this.self = self;
        this.incarnation = incarnation;
        this.takenAt = takenAt;
        this.recorded = recorded;
    }

    /** This node's wall clock at its cut. */
    Instant takenAt() {
        return takenAt;
    }

    /** Notes that it is to be written, once it is recorded. By the loop. */
    void writes() {
        written = true;
    }

    /** Discards it; returns whether it is to be written, so that the states it has are discarded then. By the loop. */
    boolean discard() {
        discarded = true;
        return written;
    }

    /** True if nobody needs it any more. Any thread. */
    boolean isDiscarded() {
        return discarded;
    }

    CompletableFuture<RecordedNode> recorded() {
        return recorded;
    }

    /** Writes the whole part. On the background worker, once all is recorded. */
    PartDigest write(SnapshotStore store, RecordedNode node, Recording<NodeId, Bytes> links) throws IOException {
        int next = 0;
        try {
            PartWriter writer = store.begin(id);
            List<ReplicaCut> replicas = new ArrayList<>();
            for (; next < node.replicas().size(); next++) {
                RecordedReplica replica = node.replicas().get(next);
                CheckpointManifest state = writer.writeState(
                        replica.id(), replica.slot().value(), replica.replicaState(), replica.state());
                replicas.add(replica.written(state));
            }
            return writer.finish(
                    new NodeCut(self, incarnation, replicas, node.groups(), node.participants(), cutsOf(links)));
        } finally {
            discardFrom(node, next);
        }
    }

    /** Discards states that nobody needs any more. On the background worker. */
    static void discardFrom(RecordedNode node, int first) {
        node.replicas().subList(first, node.replicas().size()).forEach(RecordedReplica::discard);
    }

    private SortedMap<NodeId, LinkCut> cutsOf(Recording<NodeId, Bytes> links) {
        TreeMap<NodeId, LinkCut> cuts = new TreeMap<>();
        links.sent().forEach((peer, sent) -> {
            Channel<Bytes> channel = links.incoming().get(peer);
            if (channel == null) {
                throw new IllegalStateException("a link to " + peer + " and none from it");
            }
            ChannelState state = new ChannelState(
                    peer, self, channel.generation(), channel.first(), channel.messages(), channel.marker());
            cuts.put(peer, new LinkCut(peer, sent.generation(), sent.number(), state));
        });
        return cuts;
    }
}
