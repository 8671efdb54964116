package io.loggos.snapshot.core;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All global snapshots at one node. {@link ChandyLamport} finds the cut; this brings it to an end that is the same at all
 * nodes. A snapshot lives in one view of the group of all nodes and its members are that view's. The initiator gathers from
 * each member that its part is on disk, has the whole verified, and multicasts {@code Complete} or {@code Abort} in that
 * group, safe and in total order: so the first of the two that is delivered is the same everywhere, and if the view ends
 * before either was delivered, it ends so at all members (virtual synchrony), and the snapshot is aborted.
 *
 * <p>Whoever cannot go on tells the initiator, which aborts. If the initiator is lost, the view ends.
 */
public final class SnapshotProcess implements SnapshotMessage.Handler {
    /** The snapshots of one life of a node that have begun here, to know a late marker from a first one. */
    private record Begun(long life, long number) {}

    private final NodeId self;
    private final long life;
    private final SnapshotEffects effects;
    private final ChandyLamport<NodeId, Bytes> algorithm;
    private final TreeMap<SnapshotId, OpenSnapshot> open = new TreeMap<>();
    /** By initiator. Of an earlier life there can be none: its view has ended. */
    private final TreeMap<NodeId, Begun> begun = new TreeMap<>();

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
        public void recordState(SnapshotId id) {
            String reason = effects.recordState(id);
            if (!reason.isEmpty()) {
                giveUp(id, reason);
            }
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

    /** The view of all nodes has changed; everything that was begun in the last one and not decided is over. */
    public void onView(@Nullable View newView) {
        view = newView;
        for (OpenSnapshot snapshot : List.copyOf(open.values())) {
            if (newView == null || !snapshot.view.id().equals(newView.id())) {
                if (snapshot.phase == OpenSnapshot.Phase.COMPLETE) {
                    end(snapshot);
                    effects.completed(snapshot.id);
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
        begin(new OpenSnapshot(id, now, deadlineNanos, retained));
        algorithm.begin(id, others(now));
        return Optional.of(id);
    }

    /** A message of another protocol has come over the link from a peer, and is about to be handled. */
    public void onMessage(NodeId from, long number, Bytes message) {
        algorithm.onMessage(from, number, message, null);
    }

    /**
     * A message of this one has come over the link from a peer.
     *
     * @param number its own on the link
     * @param encoded as it came
     */
    public void onMessage(NodeId from, long number, Bytes encoded, SnapshotMessage message) {
        boolean isMarker = message instanceof SnapshotMessage.Marker;
        algorithm.onMessage(from, number, encoded, isMarker ? message.id() : null);
        if (message instanceof SnapshotMessage.Marker marker && marker.number() != number) {
            giveUp(marker.id(), "marker " + marker.number() + " of " + from + " came as message " + number);
            return;
        }
        message.dispatch(from, this);
    }

    /** A message of the group of all nodes was delivered, in the order in which it is delivered at all. */
    public void onDelivered(NodeId from, SnapshotMessage message) {
        message.dispatch(from, this);
    }

    @Override
    public void onMarker(NodeId from, SnapshotMessage.Marker marker) {
        SnapshotId id = marker.id();
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null) {
            algorithm.onMarker(from, id, marker.number(), false, others(snapshot.view));
        } else if (hasBegun(id)) {
            effects.note("late marker");
        } else {
            View now = view;
            if (now == null || !now.id().equals(marker.view()) || !now.contains(id.initiator())) {
                giveUp(id, "it is in another view");
            } else {
                begin(new OpenSnapshot(id, now, Long.MAX_VALUE, 1));
                algorithm.onMarker(from, id, marker.number(), true, others(now));
            }
        }
    }

    private void begin(OpenSnapshot snapshot) {
        SnapshotId id = snapshot.id;
        open.put(id, snapshot);
        begun.put(id.initiator(), new Begun(id.life(), id.number()));
    }

    /** Whether a snapshot has begun here at some time: one initiator's begin in the order of their numbers everywhere. */
    private boolean hasBegun(SnapshotId id) {
        Begun last = begun.get(id.initiator());
        return last != null && last.life() == id.life() && id.number() <= last.number();
    }

    private SortedSet<NodeId> others(View of) {
        TreeSet<NodeId> others = new TreeSet<>(of.members());
        others.remove(self);
        return others;
    }

    /** Something makes this node unable to bring a snapshot to its end. The initiator will have it aborted. */
    private void giveUp(SnapshotId id, String reason) {
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null && (snapshot.givenUp || snapshot.phase == OpenSnapshot.Phase.COMPLETE)) {
            return;
        }
        if (snapshot != null) {
            snapshot.givenUp = true;
        }
        if (!id.initiator().equals(self)) {
            effects.send(id.initiator(), new SnapshotMessage.Refused(id, self + ": " + reason));
        } else if (snapshot != null) {
            effects.multicast(new SnapshotMessage.Abort(id, reason));
        }
    }

    /** A link to or from a peer has lost what was on it. */
    public void onLinkReset(NodeId peer) {
        for (OpenSnapshot snapshot : List.copyOf(open.values())) {
            if (snapshot.view.contains(peer)) {
                giveUp(snapshot.id, "the link between " + self + " and " + peer + " was interrupted");
                // What it says of a complete one may be lost.
                snapshot.kept.add(peer);
                complete(snapshot);
            }
        }
    }

    /** Something of this node that the snapshots record has changed in a way that no open one can describe. */
    public void onStateLost(String reason) {
        List.copyOf(open.keySet()).forEach(id -> giveUp(id, reason));
    }

    /** This node's part is on disk. */
    public void onWritten(SnapshotId id, Bytes sha256, long sizeBytes) {
        if (isUndecided(id)) {
            SnapshotMessage.Recorded recorded = new SnapshotMessage.Recorded(id, sha256, sizeBytes);
            if (id.initiator().equals(self)) {
                onRecorded(self, recorded);
            } else {
                effects.send(id.initiator(), recorded);
            }
        }
    }

    /** This node's part could not be written, or the whole not be verified. */
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
                && isUndecided(recorded.id())
                && recorded.id().initiator().equals(self)
                && snapshot.view.contains(from)
                && snapshot.parts.put(from, recorded) == null
                && snapshot.hasAllParts()) {
            effects.verify(recorded.id(), snapshot.view, snapshot.parts);
        }
    }

    /** All parts together are a consistent cut; this is the manifest that names them. */
    public void onVerified(SnapshotId id, Bytes manifest) {
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null && isUndecided(id) && !snapshot.givenUp) {
            effects.multicast(new SnapshotMessage.Complete(id, manifest, snapshot.retained));
        }
    }

    @Override
    public void onComplete(SnapshotMessage.Complete complete) {
        OpenSnapshot snapshot = open.get(complete.id());
        if (snapshot != null && isUndecided(complete.id())) {
            snapshot.phase = OpenSnapshot.Phase.COMPLETE;
            algorithm.forget(complete.id());
            effects.publish(complete.id(), complete.manifest(), complete.retained());
        }
    }

    /** This node's part is visible, or cannot be made so. */
    public void onPublished(SnapshotId id) {
        OpenSnapshot snapshot = open.get(id);
        if (snapshot != null && id.initiator().equals(self)) {
            onKept(self, new SnapshotMessage.Kept(id));
        } else if (snapshot != null) {
            end(snapshot);
            effects.send(id.initiator(), new SnapshotMessage.Kept(id));
            effects.completed(id);
        }
    }

    @Override
    public void onKept(NodeId from, SnapshotMessage.Kept kept) {
        OpenSnapshot snapshot = open.get(kept.id());
        if (snapshot != null) {
            snapshot.kept.add(from);
            complete(snapshot);
        }
    }

    @Override
    public void onAbort(SnapshotMessage.Abort abort) {
        OpenSnapshot snapshot = open.get(abort.id());
        if (snapshot != null && isUndecided(abort.id())) {
            abort(snapshot, abort.reason());
        }
    }

    @Override
    public void onDelete(SnapshotMessage.Delete delete) {
        effects.delete(delete.id());
    }

    /** Gives up what is overdue. */
    public void onTick(long now) {
        for (OpenSnapshot snapshot : List.copyOf(open.values())) {
            if (now >= snapshot.deadlineNanos) {
                giveUp(snapshot.id, "it was not complete before its deadline");
            }
        }
    }

    /** When {@link #onTick} next has something to do. */
    public long nextTickNanos() {
        long next = Long.MAX_VALUE;
        for (OpenSnapshot snapshot : open.values()) {
            if (!snapshot.givenUp && snapshot.phase == OpenSnapshot.Phase.UNDECIDED) {
                next = Math.min(next, snapshot.deadlineNanos);
            }
        }
        return next;
    }

    /** Whether this node has recorded its state for a snapshot and waits for markers. */
    public boolean isRecording() {
        return algorithm.isRecording();
    }

    private boolean isUndecided(SnapshotId id) {
        OpenSnapshot snapshot = open.get(id);
        return snapshot != null && snapshot.phase == OpenSnapshot.Phase.UNDECIDED;
    }

    private void complete(OpenSnapshot snapshot) {
        if (snapshot.isOver()) {
            end(snapshot);
            effects.completed(snapshot.id);
        }
    }

    private void abort(OpenSnapshot snapshot, String reason) {
        end(snapshot);
        effects.aborted(snapshot.id, reason);
    }

    private void end(OpenSnapshot snapshot) {
        algorithm.forget(snapshot.id);
        open.remove(snapshot.id);
    }
}
