package io.loggos.paxos.runtime.restore;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.runtime.replica.state.ReplicaState;
import io.loggos.snapshot.store.SnapshotDirectory;
import io.loggos.storage.checkpoint.DirectoryCheckpointStore;
import io.loggos.storage.rocksdb.log.RocksDbStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Writes the data directory of one node in a cluster that begins with the state of a snapshot.
 *
 * <p>For each log, the state of the replica at the highest slot S becomes the node's checkpoint. The node's acceptor
 * log begins behind it: all slots up to S are chosen and no longer listed. Every replica says the same after it has
 * installed a checkpoint. All nodes of the new cluster say it, so no quorum can report another value at or below S. The
 * first ballot proposes from S+1 on.
 *
 * <p>Values that a replica had accepted above S are not part of the new cluster. No node had answered them in the cut,
 * because a node answers only what it has applied.
 */
public final class NodeRestore {
    /** Prefix of the names of the library's own logs and groups. Their contents concern the old cluster only. */
    private static final String RESERVED = "loggos.";

    /** The replica from which a log of the new cluster goes on. */
    private record Source(NodeId node, ReplicaCut replica) {}

    private final SnapshotDirectory snapshot;
    private final GlobalSnapshot cut;
    private final NodeOptions options;

    /**
     * Creates the restore of a node from a verified snapshot.
     *
     * @param snapshot the snapshot with the parts of all its nodes
     */
    public NodeRestore(SnapshotDirectory snapshot, GlobalSnapshot cut, NodeOptions options) {
        this.snapshot = snapshot;
        this.cut = cut;
        this.options = options;
    }

    /** The data that the application would lose, because it belongs to a node outside of the new cluster. */
    public List<String> losses() {
        SortedSet<NodeId> members = new TreeSet<>(options.members().keySet());
        List<String> losses = new ArrayList<>();
        for (NodeCut node : cut.nodes().values()) {
            if (!members.contains(node.node()) && !node.participants().isEmpty()) {
                losses.add("the state of " + node.participants().keySet() + " on node "
                        + node.node().value());
            }
        }
        for (String group : RestoredState.groups(cut)) {
            long lost = cut.inFlight(group).stream()
                    .filter(each -> !members.contains(each.from()) || !members.contains(each.to()))
                    .count();
            if (lost > 0) {
                losses.add(lost + " messages in group \"" + group + "\"");
            }
        }
        return losses;
    }

    /** Writes the data directory into an empty directory. All files are synced; the names of the directory are not. */
    public void writeTo(Path directory) throws IOException {
        writeLogs(directory);
        RestoredState.write(
                directory, cut, options.id(), new TreeSet<>(options.members().keySet()));
    }

    /** Makes the acceptor log in the data directory of a node. */
    static RocksDbStore openLog(NodeOptions options, Path directory) {
        return RocksDbStore.open(
                directory.resolve("log"),
                options.clusterId(),
                options.id(),
                new TreeSet<>(options.members().keySet()),
                options.storage(),
                new SplittableRandom(new SecureRandom().nextLong()));
    }

    private void writeLogs(Path directory) throws IOException {
        CheckpointStore checkpoints = new DirectoryCheckpointStore(directory.resolve("checkpoints"));
        try (RocksDbStore store = openLog(options, directory)) {
            for (Map.Entry<String, Source> each : sources().entrySet()) {
                LogId log = LogId.ofName(each.getKey());
                long slot = each.getValue().replica().slot().value();
                store.register(log, each.getKey());
                writeCheckpoint(each.getValue(), checkpoints);
                store.write(List.of(new LogRecord.TruncatedBelow(log, slot + 1)));
            }
        }
    }

    /** The replica from which each log goes on: the one that has applied most, then the one of the lowest node. */
    private SortedMap<String, Source> sources() {
        TreeMap<String, Source> sources = new TreeMap<>();
        for (NodeCut node : cut.nodes().values()) {
            for (ReplicaCut replica : node.replicas()) {
                Source known = sources.get(replica.log());
                if (!replica.log().startsWith(RESERVED)
                        && (known == null || replica.slot().compareTo(known.replica.slot()) > 0)) {
                    sources.put(replica.log(), new Source(node.node(), replica));
                }
            }
        }
        return sources;
    }

    private void writeCheckpoint(Source source, CheckpointStore into) throws IOException {
        CheckpointManifest state = snapshot.state(source.node(), source.replica());
        Path files = snapshot.states(source.node()).directory(state);
        // The new cluster begins in a first configuration, whatever the members of the old one were.
        Bytes replica = ReplicaState.inNewCluster(state.replicaState());
        CheckpointManifest written = into.write(state.log(), state.slot(), replica, target -> {
            // Copies, not links: the snapshot must not change with the node.
            for (CheckpointFile file : state.files()) {
                Files.copy(files.resolve(file.name()), target.resolve(file.name()));
            }
        });
        if (!written.files().equals(state.files())) {
            throw new SnapshotException(files + " has changed while it was copied");
        }
    }
}
