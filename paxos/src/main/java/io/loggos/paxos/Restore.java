package io.loggos.paxos;

import io.loggos.api.node.NodeOptions;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.paxos.runtime.restore.NodeRestore;
import io.loggos.snapshot.store.NewDirectory;
import io.loggos.snapshot.store.SnapshotDirectory;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Creates a cluster from an exported snapshot: the same cluster after a loss, or a clone of it for staging.
 *
 * <p>{@link #into} makes each of its nodes. All of them must come from the same snapshot, and none may be opened
 * earlier:
 *
 * <pre>{@code
 * Restore.from(Path.of("backup")).ofCluster("shop").into(Node.builder()
 *         .clusterId("staging").id(1).listen("localhost:8001")
 *         .peer(2, "localhost:8002").peer(3, "localhost:8003")
 *         .dataDirectory(Path.of("staging/1"))
 *         .build());
 * }</pre>
 *
 * <p>The addresses, the cluster's name and its members may differ from those of the snapshot. Each log goes on behind
 * the highest slot that a replica had applied. A participant gets its state back on the node with the same number.
 * Messages in flight to a node reach the node with the same number.
 *
 * @param snapshot the directory to which the snapshot was exported
 * @param cluster the cluster that it must be of; any cluster if empty
 * @param leavingOut true to leave out the data of nodes that are not members any more, false to refuse the snapshot
 * @param progress receives the progress
 */
public record Restore(Path snapshot, Optional<String> cluster, boolean leavingOut, SnapshotProgress progress) {
    /** Returns a restore from the directory to which a snapshot was exported. */
    public static Restore from(Path snapshot) {
        return new Restore(snapshot, Optional.empty(), false, SnapshotProgress.NONE);
    }

    /** Returns the same restore, which refuses a snapshot of any other cluster. */
    public Restore ofCluster(String clusterId) {
        return new Restore(snapshot, Optional.of(clusterId), leavingOut, progress);
    }

    /**
     * Returns the same restore, which leaves out the data of nodes that are not members of the new cluster.
     *
     * <p>It leaves out their participants' states, and messages in flight from them and to them. Without this setting,
     * a snapshot with such data is refused.
     */
    public Restore leavingOutOthers() {
        return new Restore(snapshot, cluster, true, progress);
    }

    /** Returns the same restore, which reports its progress. */
    public Restore reporting(SnapshotProgress to) {
        return new Restore(snapshot, cluster, leavingOut, to);
    }

    /**
     * Opens the snapshot and verifies its cut again. Does not read the states of replicas.
     *
     * @throws SnapshotException if the snapshot is not sound, or of another cluster
     */
    public GlobalSnapshot open() {
        SnapshotDirectory directory = SnapshotDirectory.open(snapshot, DirectoryCheckpointStore::new);
        check(directory);
        return directory.snapshot();
    }

    /**
     * Compares everything in the directory with the recorded hashes, and verifies the cut again.
     *
     * @throws SnapshotException if the snapshot is not sound, or of another cluster
     */
    public SnapshotInfo verify() {
        SnapshotDirectory directory = SnapshotDirectory.open(snapshot, DirectoryCheckpointStore::new);
        check(directory);
        return directory.verify(directory.manifest().parts().keySet(), progress);
    }

    /**
     * Creates the data directory of one node, after everything in the snapshot has been verified.
     *
     * <p>The directory is built under another name beside its place and renamed at the end. It is there completely or
     * not at all.
     *
     * @param node the options with which the node will be opened; its data directory is empty or does not exist
     * @throws SnapshotException if the snapshot is incomplete, damaged, or of another cluster; if data of nodes that
     *     are not members any more would be lost; or if the data directory is in use. Nothing is changed then
     */
    public SnapshotInfo into(NodeOptions node) {
        SnapshotInfo verified = verify();
        SnapshotDirectory directory = SnapshotDirectory.open(snapshot, DirectoryCheckpointStore::new);
        GlobalSnapshot cut = directory.snapshot();
        NodeRestore restore = new NodeRestore(directory, cut, node);
        List<String> losses = restore.losses();
        if (!leavingOut && !losses.isEmpty()) {
            throw new SnapshotException("the members of the new cluster are "
                    + node.members().keySet() + ", without those that this belongs to: " + losses);
        }
        try (NewDirectory building = NewDirectory.at(node.dataDirectory())) {
            restore.writeTo(building.path());
            building.publish();
        } catch (IOException e) {
            throw new SnapshotException(node.dataDirectory() + " cannot be written: " + e, e);
        }
        return verified;
    }

    private void check(SnapshotDirectory directory) {
        String found = directory.manifest().clusterId();
        if (cluster.isPresent() && !cluster.get().equals(found)) {
            throw new SnapshotException(snapshot + " is a snapshot of cluster \"" + found + "\", not of \""
                    + cluster.get() + "\". Nothing was changed");
        }
    }
}
