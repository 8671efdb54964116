package io.loggos.snapshot.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.snapshot.core.Channels;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The node, as its snapshots see it. */
public interface SnapshotNode extends Channels<NodeId> {
    /** True if this is a node of the cluster. Called by the loop. */
    boolean isMember(NodeId node);

    /** Sends as the next message on the link to a peer. Called by the loop. */
    void send(NodeId to, Bytes message);

    /**
     * Sends to the group of all nodes, in total order and safe. Called by the loop.
     *
     * @throws io.loggos.api.LoggosException if the message cannot be sent now
     */
    void multicast(Bytes message);

    /**
     * Records the state of this node as it stands now. Called by the loop. The future may complete on any thread.
     *
     * @throws SnapshotException if there is something that cannot be recorded now
     */
    CompletableFuture<RecordedNode> record();

    /**
     * Returns a node outside of the view that this one has a link to. Called by the loop.
     *
     * <p>Messages that pass through it go past the markers, so there is no consistent cut while there is one.
     */
    Optional<NodeId> outsider(View view);

    /**
     * Holds bulk transfers, or lets them go on: while held, nothing of this node reaches another outside of the links.
     * Called by the loop.
     */
    void holdBulk(boolean held);

    /** Runs tasks that may take long, one after the other. Any thread. */
    void execute(Runnable task);

    /** Fetches the record of a peer's part, outside of the links. Any thread. */
    CompletableFuture<Bytes> fetchPart(NodeId from, SnapshotId id, long sizeBytes);

    /** Collects all states of a complete snapshot. Any thread. */
    CompletableFuture<GlobalSnapshot> export(SnapshotId id, Path directory, SnapshotProgress progress);
}
