package io.loggos.paxos.runtime.bulk;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.snapshot.store.NewDirectory;
import io.loggos.snapshot.store.SnapshotDirectory;
import io.loggos.snapshot.store.SnapshotManifest;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one snapshot with all its states into a directory.
 *
 * <p>The parts of all nodes are fetched in parallel. A node does not delete the snapshot as too old while it is read.
 * The directory is built under another name, verified, and renamed. The steps run on the worker.
 */
final class SnapshotExport {
    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotExport.class);

    private final SnapshotManifest manifest;
    private final Path target;
    private final SnapshotFetch fetch;
    private final SnapshotProgress progress;
    private long allBytes;
    private long doneBytes;

    SnapshotExport(SnapshotManifest manifest, Path target, SnapshotFetch fetch, SnapshotProgress progress) {
        this.manifest = manifest;
        this.target = target;
        this.fetch = fetch;
        this.progress = progress;
    }

    CompletableFuture<GlobalSnapshot> begin() {
        try {
            NewDirectory building = NewDirectory.at(target);
            return fetch.records(manifest)
                    .thenCompose(records -> copy(records, building.path()))
                    .thenApply(cut -> finish(cut, building))
                    .whenComplete((cut, failure) -> remove(building));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(cannotWrite(e));
        }
    }

    private CompletableFuture<GlobalSnapshot> copy(SortedMap<NodeId, Bytes> records, Path into) {
        GlobalSnapshot cut = SnapshotDirectory.assemble(manifest, records);
        allBytes = cut.nodes().values().stream()
                .flatMap(node -> node.replicas().stream())
                .mapToLong(ReplicaCut::stateBytes)
                .sum();
        came(0);
        try {
            SnapshotDirectory directory =
                    SnapshotDirectory.create(into, manifest, records, DirectoryCheckpointStore::new);
            List<CompletableFuture<Void>> states = new ArrayList<>();
            for (NodeCut node : cut.nodes().values()) {
                states.add(fetch.states(manifest.id(), node, directory.states(node.node()), this::came));
            }
            return CompletableFuture.allOf(states.toArray(CompletableFuture[]::new))
                    .thenApply(unused -> cut);
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private void came(int bytes) {
        doneBytes += bytes;
        progress.at("copy", doneBytes, allBytes);
    }

    private GlobalSnapshot finish(GlobalSnapshot cut, NewDirectory building) {
        try {
            SnapshotDirectory.open(building.path(), DirectoryCheckpointStore::new)
                    .verify(manifest.parts().keySet(), progress);
            building.publish();
            return cut;
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private static void remove(NewDirectory building) {
        try {
            building.close();
        } catch (IOException e) {
            LOGGER.warn("{} cannot be removed", building.path(), e);
        }
    }

    private SnapshotException cannotWrite(IOException cause) {
        return new SnapshotException(target + " cannot be written: " + cause, cause);
    }
}
