package io.loggos.paxos;

import io.loggos.api.StorageException;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.paxos.runtime.restore.ContentsRestore;
import io.loggos.snapshot.store.NewDirectory;
import java.io.IOException;

/**
 * Creates a cluster whose key-value store begins with the contents of another one.
 *
 * <p>{@link #into} makes each of its nodes. All of them must get the same contents, and none may be opened earlier.
 */
public final class StoreRestore {
    private StoreRestore() {}

    /**
     * Creates the data directory of one node. It is there completely or not at all.
     *
     * @param store the name of the store
     * @param contents what it begins with, without alarms
     * @param node the options with which the node will be opened; its data directory is empty or does not exist
     * @throws StorageException if the contents are not sound
     * @throws SnapshotException if the data directory is in use, or cannot be written. Nothing is changed then
     */
    public static void into(String store, StoreContents contents, NodeOptions node) {
        try (NewDirectory building = NewDirectory.at(node.dataDirectory())) {
            ContentsRestore.write(store, contents, node, building.path());
            building.publish();
        } catch (IOException e) {
            throw new SnapshotException(node.dataDirectory() + " cannot be written: " + e, e);
        }
    }
}
