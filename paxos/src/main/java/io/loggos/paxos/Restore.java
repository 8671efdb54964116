package io.loggos.paxos;

import io.loggos.api.NodeOptions;
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
 * Makes a cluster that begins where an exported snapshot stands: the same one after a loss, or a clone of it for staging.
 * Each of its nodes is made by {@link #into}, all from the same snapshot, before any of them is opened:
 *
 * <pre>{@code
 * Restore.from(Path.of("backup")).ofCluster("shop").into(Node.builder()
 *         .clusterId("staging").id(1).listen("localhost:8001")
 *         .peer(2, "localhost:8002").peer(3, "localhost:8003")
 *         .dataDirectory(Path.of("staging/1"))
 *         .build());
 * }</pre>
 *
 * <p>Addresses, the name of the cluster and the members may be others than they were. Logs go on behind the highest slot
 * that a replica stood at. A participant gets its state back on the node that has the same number, and so do messages
 * that were in flight to it.
 *
 * @param snapshot the directory that it was exported to
 * @param cluster the one that it must be of; any, if empty
 * @param leavingOut whether what belongs to nodes that are no members any more is left out instead of refused
 * @param progress is told how far it is
 */
public record Restore(Path snapshot, Optional<String> cluster, boolean leavingOut, SnapshotProgress progress) {
    /** From the directory that a snapshot was exported to. */
    public static Restore from(Path snapshot) {
        return new Restore(snapshot, Optional.empty(), false, SnapshotProgress.NONE);
    }

    /** Refuses a snapshot of another cluster than this. */
    public Restore ofCluster(String clusterId) {
        return new Restore(snapshot, Optional.of(clusterId), leavingOut, progress);
    }

    /**
     * Leaves out the states of participants on nodes that are no members of the new cluster, and messages in flight from
     * them and to them. Without this a snapshot that has any is refused.
     */
    public Restore leavingOutOthers() {
        return new Restore(snapshot, cluster, true, progress);
    }

    /** Tells how far it is. */
    public Restore reporting(SnapshotProgress to) {
        return new Restore(snapshot, cluster, leavingOut, to);
    }

    /** The snapshot, its cut verified once more; the states of replicas are not looked at. */
    public GlobalSnapshot open() {
        SnapshotDirectory directory = SnapshotDirectory.open(snapshot, DirectoryCheckpointStore::new);
        check(directory);
        return directory.snapshot();
    }

    /** Compares everything in the directory with the hashes that were recorded, and verifies the cut once more. */
    public SnapshotInfo verify() {
        SnapshotDirectory directory = SnapshotDirectory.open(snapshot, DirectoryCheckpointStore::new);
        check(directory);
        return directory.verify(directory.manifest().parts().keySet(), progress);
    }

    /**
     * Makes the data directory of one node, after everything in the snapshot has been verified. The directory is built
     * under another name beside its place and put there in the end: it is there whole or not at all.
     *
     * @param node how it will be opened; its data directory is empty or not there
     * @throws SnapshotException if the snapshot is not whole, not sound, or of another cluster; if something would be
     *     lost with nodes that are no members any more; or if the data directory is in use. Nothing is changed then
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
