package io.loggos.snapshot.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.internal.codec.MalformedException;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All global snapshots at one node: {@link ChandyLamport} finds the cut, this class brings it to the same end at all
 * nodes.
 *
 * <p>A snapshot lives in one view of the group of all nodes, and its members are that view's. The initiator waits until
 * each member has its part on disk, and has the whole verified. Then it multicasts {@code Complete} or {@code Abort} in
 * that group, safe and in total order.
 *
 * <p>So the first of the two that is delivered is the same everywhere. If the view ends before either was delivered, it
 * ends that way at all members (virtual synchrony), and the snapshot is aborted.
 *
 * <p>A node that cannot go on tells the initiator, which aborts. If the initiator is lost, the view ends.
 */
public final class SnapshotProcess implements SnapshotMessage.Handler {
    private final NodeId self;
    private final long life;
    private final SnapshotEffects effects;
    private final ChandyLamport<NodeId, Bytes> algorithm;
    private final TreeMap<SnapshotId, OpenSnapshot> open = new TreeMap<>();
    private final PastSnapshots past = new PastSnapshots();

    private @Nullable View view;
    private long lastNumber;

    /** @param life a random number of this process start, never negative */
    public SnapshotProcess(NodeId self, long life, Channels<NodeId> channels, SnapshotEffects effects) {
        this.self = self;
        this.life = life;
        this.effects = effects;
        this.algorithm = new ChandyLamport<>(channels, new Cutting());
    }

    /** The cut of this node, as the algorithm asks for it. */
    private final class Cutting implements ChandyLamport.Effects<NodeId, Bytes> {
        @Override
        public String recordState(SnapshotId id) {
            return effects.recordState(id);
        }

        @Override
        public void sendMarker(NodeId to, SnapshotId id, long number) {
            OpenSnapshot snapshot = open.get(id);
            if (snapshot != null) {
                effects.send(to, new SnapshotMessage.Marker(id, snapshot.view.id(), number));
            }
        }

        @Override
        public void recorded(SnapshotId id, Recording<NodeId, Bytes> recording) {
            effects.write(id, recording);
        }

        @Override
        public void damaged(SnapshotId id, String reason) {
            giveUp(id, reason);
        }
    }

    /** Takes a new view of all nodes; everything that was begun in the last one and not decided is over. */
    public void onView(@Nullable View newView) {
        view = newView;
        for (OpenSnapshot snapshot : List.copyOf(open.values())) {
            if (newView == null || !snapshot.view.id().equals(newView.id())) {
                if (snapshot.phase == OpenSnapshot.Phase.COMPLETE) {
                    for (NodeId node : List.copyOf(snapshot.publishing)) {
                        if (!node.equals(self) && (newView == null || !newView.contains(node))) {
                            lose(snapshot, node);
                        }
                    }
                } else {
                    abort(snapshot, "the view of the nodes has changed");
                }
            }
        }
    }

    /**
     * Begins a snapshot of all nodes of the present view.
     *
     * @param deadlineNanos when it is aborted if it is not decided by then
     * @param onBegun told of its id before anything else happens
     * @return empty if there is no view, or it is not primary
     */
    public Optional<SnapshotId> start(long deadlineNanos, int retained, Consumer<SnapshotId> onBegun) {
        View now = view;
        if (now == null || !now.primary()) {
            return Optional.empty();
        }
        SnapshotId id = new SnapshotId(self, life, ++lastNumber);
        onBegun.accept(id);
        begin(new OpenSnapshot(id, now, self, deadlineNanos, retained));
        algorithm.begin(id, others(now));
        return Optional.of(id);
    }

    /** Takes a message of another protocol from the link of a peer, before it is handled. */
    public void onMessage(NodeId from, long number, Bytes message) {
        algorithm.onMessage(from, number, message, null);
    }

    /**
     * Takes a message of this protocol from the link of a peer.
     *
     * @param number its own on the link
     * @param encoded as it came
     * @throws MalformedException if its initiator is no node of the cluster; then nothing has changed
     */
    public void onMessage(NodeId from, long number, Bytes encoded, SnapshotMessage message) {
        if (isOfStranger(message)) {
            algorithm.onMessage(from, number, encoded, null);
            throw ofStranger(message);
        }
        boolean isMarker = message instanceof SnapshotMessage.Marker;
        algorithm.onMessage(from, number, encoded, isMarker ? message.id() : null);
        if (message instanceof SnapshotMessage.Marker marker && marker.number() != number) {
            giveUp(marker.id(), "marker " + marker.number() + " of " + from + " came as message " + number);
            return;
        }
        message.dispatch(from, this);
    }

    /**
     * Takes a message that was delivered in the group of all nodes, in the order of delivery.
     *
     * @throws MalformedException if its initiator is no node of the cluster; then nothing has changed
     */
    public void onDelivered(NodeId from, SnapshotMessage message) {
        if (isOfStranger(message)) {
            throw ofStranger(message);
        }
        message.dispatch(from, this);
    }

    private boolean isOfStranger(SnapshotMessage message) {
        NodeId initiator = message.id().initiator();
        boolean isAnswered = !(message instanceof SnapshotMessage.Delete);
        return isAnswered && !effects.isMember(initiator);
    }

    private static MalformedException ofStranger(SnapshotMessage message) {
        return new MalformedException(
                "a snapshot of " + message.id().initiator() + ", which is no node of this cluster");
    }

    @Override
    public void onMarker(NodeId from, SnapshotMessage.Marker marker) {
        SnapshotId id = marker.id();
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null) {
            algorithm.onMarker(from, id, marker.number(), false, others(snapshot.view));
        } else if (past.contains(id)) {
            effects.note("late marker");
            giveUp(id, "its marker came late");
        } else {
            View now = view;
            if (now == null || !now.id().equals(marker.view()) || !now.contains(id.initiator())) {
                giveUp(id, "it is in another view");
            } else {
                begin(new OpenSnapshot(id, now, self, Long.MAX_VALUE, 1));
                algorithm.onMarker(from, id, marker.number(), true, others(now));
            }
        }
    }

    private void begin(OpenSnapshot snapshot) {
        SnapshotId id = snapshot.id;
        open.put(id, snapshot);
        past.add(id);
    }

    private SortedSet<NodeId> others(View of) {
        TreeSet<NodeId> others = new TreeSet<>(of.members());
        others.remove(self);
        return others;
    }

    /** Gives up a snapshot that this node cannot complete. The initiator will have it aborted. */
    private void giveUp(SnapshotId id, String reason) {
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null && (snapshot.givenUp || snapshot.phase == OpenSnapshot.Phase.COMPLETE)) {
            return;
        }
        if (snapshot != null) {
            snapshot.givenUp = true;
            algorithm.forget(id);
        }
        if (!id.initiator().equals(self)) {
            effects.send(id.initiator(), new SnapshotMessage.Refused(id, self + ": " + reason));
        } else if (snapshot != null) {
            effects.multicast(new SnapshotMessage.Abort(id, reason));
        }
    }

    /** Notes that a link to or from a peer has lost its messages. */
    public void onLinkReset(NodeId peer) {
        for (OpenSnapshot snapshot : List.copyOf(open.values())) {
            if (snapshot.publishing.contains(peer)) {
                lose(snapshot, peer);
            }
            if (snapshot.view.contains(peer)) {
                giveUp(snapshot.id, "the link between " + self + " and " + peer + " was interrupted");
            }
        }
    }

    /** Notes that a node will not say any more if its part became visible: it counts as lost (RULES.md S-12). */
    private void lose(OpenSnapshot snapshot, NodeId node) {
        snapshot.publishing.remove(node);
        snapshot.lost = node + " was lost before its part was visible";
        endIfPublished(snapshot);
    }

    /** Notes a change of this node's recorded state that no open snapshot can describe. */
    public void onStateLost(String reason) {
        List.copyOf(open.keySet()).forEach(id -> giveUp(id, reason));
    }

    /** Notes that this node's part is on disk. */
    public void onWritten(SnapshotId id, Bytes sha256, long sizeBytes, long newest) {
        if (isWanted(id)) {
            SnapshotMessage.Recorded recorded = new SnapshotMessage.Recorded(id, sha256, sizeBytes, newest);
            if (id.initiator().equals(self)) {
                onRecorded(self, recorded);
            } else {
                effects.send(id.initiator(), recorded);
            }
        }
    }

    /** Notes that this node's part could not be written, or the whole could not be verified. */
    public void onFailed(SnapshotId id, String reason) {
        if (isUndecided(id)) {
            giveUp(id, reason);
        }
    }

    @Override
    public void onRefused(NodeId from, SnapshotMessage.Refused refused) {
        if (refused.id().initiator().equals(self)) {
            giveUp(refused.id(), refused.reason());
        }
    }

    @Override
    public void onRecorded(NodeId from, SnapshotMessage.Recorded recorded) {
        OpenSnapshot snapshot = open.get(recorded.id());
        if (snapshot != null
                && isWanted(recorded.id())
                && recorded.id().initiator().equals(self)
                && snapshot.view.contains(from)
                && snapshot.parts.put(from, recorded) == null
                && snapshot.hasAllParts()) {
            effects.verify(recorded.id(), snapshot.view, snapshot.parts);
        }
    }

    /** Notes that all parts together are a consistent cut, which this manifest names. */
    public void onVerified(SnapshotId id, Bytes manifest) {
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null && isWanted(id)) {
            effects.multicast(new SnapshotMessage.Complete(id, manifest, snapshot.retained));
        }
    }

    @Override
    public void onComplete(SnapshotMessage.Complete complete) {
        OpenSnapshot snapshot = open.get(complete.id());
        if (snapshot != null && isUndecided(complete.id())) {
            snapshot.phase = OpenSnapshot.Phase.COMPLETE;
            effects.publish(complete.id(), complete.manifest(), complete.retained());
        }
    }

    /** Notes that this node's part is visible. */
    public void onPublished(SnapshotId id) {
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null && snapshot.publishing.remove(self)) {
            if (!id.initiator().equals(self)) {
                effects.send(id.initiator(), new SnapshotMessage.Kept(id));
            }
            endIfPublished(snapshot);
        }
    }

    /** Notes that this node's part cannot become visible. The snapshot is deleted, since it is not whole. */
    public void onNotPublished(SnapshotId id, String reason) {
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null && snapshot.publishing.remove(self)) {
            snapshot.lost = self + ": " + reason;
            if (!id.initiator().equals(self)) {
                effects.send(id.initiator(), new SnapshotMessage.Lost(id, snapshot.lost));
            }
            endIfPublished(snapshot);
        }
    }

    @Override
    public void onLost(NodeId from, SnapshotMessage.Lost lost) {
        OpenSnapshot snapshot = open.get(lost.id());
        if (snapshot != null && snapshot.publishing.remove(from)) {
            snapshot.lost = lost.reason();
            endIfPublished(snapshot);
        }
    }

    @Override
    public void onKept(NodeId from, SnapshotMessage.Kept kept) {
        OpenSnapshot snapshot = open.get(kept.id());
        // It may come before this node itself is told that the snapshot is complete.
        if (snapshot != null && snapshot.publishing.remove(from)) {
            endIfPublished(snapshot);
        }
    }

    @Override
    public void onAbort(SnapshotMessage.Abort abort) {
        OpenSnapshot snapshot = open.get(abort.id());
        if (snapshot != null && isUndecided(abort.id())) {
            abort(snapshot, abort.reason());
        } else {
            past.add(abort.id());
        }
    }

    @Override
    public void onDelete(SnapshotMessage.Delete delete) {
        effects.delete(delete.id());
    }

    /** Gives up the snapshots that are overdue. */
    public void onTick(long now) {
        for (OpenSnapshot snapshot : List.copyOf(open.values())) {
            if (now >= snapshot.deadlineNanos) {
                giveUp(snapshot.id, "it was not complete before its deadline");
            }
        }
    }

    /** Time at which {@link #onTick} next has work. */
    public long nextTickNanos() {
        long next = Long.MAX_VALUE;
        for (OpenSnapshot snapshot : open.values()) {
            if (!snapshot.givenUp && snapshot.phase == OpenSnapshot.Phase.UNDECIDED) {
                next = Math.min(next, snapshot.deadlineNanos);
            }
        }
        return next;
    }

    /** True if this node has recorded its state for a snapshot and waits for markers. */
    public boolean isRecording() {
        return algorithm.isRecording();
    }

    /** True if a snapshot may still become complete, as far as this node knows. */
    private boolean isWanted(SnapshotId id) {
        OpenSnapshot snapshot = open.get(id);
        return snapshot != null && snapshot.phase == OpenSnapshot.Phase.UNDECIDED && !snapshot.givenUp;
    }

    private boolean isUndecided(SnapshotId id) {
        OpenSnapshot snapshot = open.get(id);
        return snapshot != null && snapshot.phase == OpenSnapshot.Phase.UNDECIDED;
    }

    private void abort(OpenSnapshot snapshot, String reason) {
        end(snapshot);
        effects.aborted(snapshot.id, reason);
    }

    /** Ends a complete snapshot, once all parts are visible. */
    private void endIfPublished(OpenSnapshot snapshot) {
        if (snapshot.phase == OpenSnapshot.Phase.COMPLETE && snapshot.publishing.isEmpty()) {
            end(snapshot);
            if (snapshot.lost.isEmpty()) {
                effects.completed(snapshot.id);
            } else {
                if (snapshot.id.initiator().equals(self)) {
                    effects.multicast(new SnapshotMessage.Delete(snapshot.id));
                }
                effects.lost(snapshot.id, snapshot.lost);
            }
        }
    }

    private void end(OpenSnapshot snapshot) {
        algorithm.forget(snapshot.id);
        open.remove(snapshot.id);
    }
}
