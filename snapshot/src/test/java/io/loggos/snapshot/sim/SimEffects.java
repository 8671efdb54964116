package io.loggos.snapshot.sim;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.snapshot.core.Recording;
import io.loggos.snapshot.core.SnapshotEffects;
import io.loggos.snapshot.core.SnapshotMessage;
import io.loggos.snapshot.sim.SimSettings.Fault;
import io.loggos.snapshot.wire.SnapshotCodec;
import io.loggos.testkit.Violation;
import java.util.SortedMap;

/** Effects of the snapshots of one life: a disk that takes its time and may fail, and the group. */
final class SimEffects implements SnapshotEffects {
    private final SimCluster cluster;
    private final SimLife life;

    SimEffects(SimCluster cluster, SimLife life) {
        this.cluster = cluster;
        this.life = life;
    }

    /** This node is the initiator of a snapshot. */
    void begins(SnapshotId id) {
        cluster.trace(life.id(), () -> "begins " + id);
        cluster.ghost.outcomes.begins(id);
    }

    @Override
    public void send(NodeId to, SnapshotMessage message) {
        cluster.trace(life.id(), () -> "sends " + message + " to " + to);
        life.sendOn(to, SnapshotCodec.encode(message), null);
    }

    @Override
    public boolean isMember(NodeId node) {
        return true;
    }

    @Override
    public void multicast(SnapshotMessage message) {
        cluster.trace(life.id(), () -> "multicasts " + message);
        cluster.group.multicast(life, message);
    }

    @Override
    public String recordState(SnapshotId id) {
        View view = life.view();
        if (view == null) {
            throw new Violation("CL5", life.id() + " takes part in " + id + " and is in no view");
        }
        cluster.trace(life.id(), () -> "records its state for " + id);
        cluster.ghost.cut(id, view, life.book, life.bank.state());
        return strikes(Fault.REFUSED_STATE, 20) ? "something is being restored" : "";
    }

    @Override
    public void write(SnapshotId id, Recording<NodeId, Bytes> recording) {
        cluster.ghost.recorded(id, life.id(), recording);
        later(() -> {
            if (strikes(Fault.FAILED_EFFECT, 20)) {
                cluster.note("a write failed");
                life.process.onFailed(id, "the disk is full");
            } else {
                life.process.onWritten(id, Bytes.EMPTY, 0, 0);
            }
        });
    }

    @Override
    public void verify(SnapshotId id, View view, SortedMap<NodeId, SnapshotMessage.Recorded> parts) {
        cluster.ghost.verify(id, view);
        later(() -> {
            if (strikes(Fault.FAILED_EFFECT, 20)) {
                life.process.onFailed(id, "a part could not be fetched");
            } else {
                life.process.onVerified(id, Bytes.EMPTY);
            }
        });
    }

    @Override
    public void publish(SnapshotId id, Bytes manifest, int retained) {
        cluster.trace(life.id(), () -> "makes " + id + " visible");
        cluster.ghost.outcomes.complete(id, life.book);
        if (cluster.lives().stream().anyMatch(SimLife::isPaused)) {
            cluster.note("complete is delivered while a node is paused");
        }
        later(() -> {
            cluster.ghost.outcomes.visible(id, life.book);
            life.process.onPublished(id);
        });
    }

    @Override
    public void completed(SnapshotId id) {
        cluster.trace(life.id(), () -> id + " is over and complete");
        cluster.ghost.outcomes.completed(id, life.book);
    }

    @Override
    public void lost(SnapshotId id, String reason) {
        cluster.trace(life.id(), () -> "has lost " + id + ": " + reason);
        cluster.ghost.outcomes.lost(id, life.book, reason);
    }

    @Override
    public void aborted(SnapshotId id, String reason) {
        cluster.trace(life.id(), () -> "gives " + id + " up: " + reason);
        cluster.ghost.outcomes.aborted(id, life.book, reason, life.view() != null);
    }

    @Override
    public void delete(SnapshotId id) {
        cluster.ghost.outcomes.deleted(id);
    }

    @Override
    public void note(String event) {
        cluster.note(event);
    }

    private boolean strikes(Fault fault, int oneIn) {
        return cluster.isTurbulent() && cluster.settings.has(fault) && cluster.random.nextInt(oneIn) == 0;
    }

    private void later(Runnable report) {
        cluster.time.after(cluster.random.nextLong(cluster.settings.effectNanos()), () -> life.turn(report));
    }
}
