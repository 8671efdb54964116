package io.loggos.snapshot.store;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.files.DurableFiles;
import io.loggos.snapshot.core.CutVerifier;
import io.loggos.snapshot.wire.NodeCutCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A snapshot in a directory of its own, with the parts of some of its nodes or, when it was exported, of all:
 *
 * <pre>
 * manifest                        what the snapshot is, and the hash of each node's part
 * node-2/part                     what node 2 recorded; names its states by their hashes
 * node-2/states/LOG/SLOT/manifest the state of a replica, as checkpoints are kept
 * node-2/states/LOG/SLOT/files/…
 * </pre>
 *
 * <p>Everything that is read here is compared with the hash that names it. Safe for use by any thread. A missing or
 * altered file gives a {@link SnapshotException} that names it.
 */
public final class SnapshotDirectory {
    static final String MANIFEST = "manifest";
    static final String PART = "part";
    static final String STATES = "states";

    private final Path path;
    private final SnapshotManifest manifest;
    private final Function<Path, CheckpointStore> states;

    private SnapshotDirectory(Path path, SnapshotManifest manifest, Function<Path, CheckpointStore> states) {
        this.path = path;
        this.manifest = manifest;
        this.states = states;
    }

    /**
     * Opens the snapshot in a directory.
     *
     * @param states opens the checkpoints under a directory
     * @throws SnapshotException if there is no sound manifest in it
     */
    public static SnapshotDirectory open(Path path, Function<Path, CheckpointStore> states) {
        Path file = path.resolve(MANIFEST);
        try {
            return new SnapshotDirectory(
                    path, SnapshotManifestCodec.decode(Bytes.wrap(Files.readAllBytes(file))), states);
        } catch (NoSuchFileException e) {
            throw new SnapshotException(file + " is missing: there is no snapshot here", e);
        } catch (MalformedException e) {
            throw new SnapshotException(file + " is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new SnapshotException(file + " cannot be read: " + e, e);
        }
    }

    /**
     * Creates the directory of a snapshot, without the states of replicas: they are to be put into {@link #states}.
     *
     * @param records of the parts that are to be here
     */
    public static SnapshotDirectory create(
            Path path,
            SnapshotManifest manifest,
            SortedMap<NodeId, Bytes> records,
            Function<Path, CheckpointStore> states)
            throws IOException {
        for (Map.Entry<NodeId, Bytes> each : records.entrySet()) {
            Path part = part(path, each.getKey());
            Files.createDirectories(part.resolve(STATES));
            DurableFiles.write(part.resolve(PART), each.getValue());
        }
        DurableFiles.write(path.resolve(MANIFEST), SnapshotManifestCodec.encode(manifest));
        return new SnapshotDirectory(path, manifest, states);
    }

    public Path path() {
        return path;
    }

    public SnapshotManifest manifest() {
        return manifest;
    }

    /** Directory of the part of a node, if it is here. */
    static Path part(Path snapshot, NodeId node) {
        return snapshot.resolve("node-" + node.value());
    }

    /** Returns the record of a node. */
    public NodeCut cut(NodeId node) {
        Path file = part(path, node).resolve(PART);
        try {
            return cut(manifest, node, Bytes.wrap(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            throw new SnapshotException(file + " is missing", e);
        } catch (IOException e) {
            throw new SnapshotException(file + " cannot be read: " + e, e);
        }
    }

    /** Decodes the record of a node's part, from any source. */
    private static NodeCut cut(SnapshotManifest manifest, NodeId node, Bytes record) {
        String name = "the part of " + node + " in snapshot " + manifest.id();
        PartDigest expected = manifest.parts().get(node);
        if (expected == null) {
            throw new SnapshotException(name + ": this node is not in it");
        }
        if (record.size() != expected.sizeBytes()) {
            throw new SnapshotException(name + " has " + record.size() + " bytes, not " + expected.sizeBytes());
        }
        if (!PartDigest.of(record).equals(expected)) {
            throw new SnapshotException(name + " is damaged: it has not the hash that the manifest gives");
        }
        try {
            NodeCut cut = NodeCutCodec.decode(record);
            if (!cut.node().equals(node)) {
                throw new SnapshotException(name + " was recorded by " + cut.node());
            }
            return cut;
        } catch (MalformedException e) {
            throw new SnapshotException(name + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Assembles a snapshot from the parts of all nodes; verifies each against its hash, and then the cut. */
    public static GlobalSnapshot assemble(SnapshotManifest manifest, SortedMap<NodeId, Bytes> records) {
        TreeMap<NodeId, NodeCut> cuts = new TreeMap<>();
        records.forEach((node, record) -> cuts.put(node, cut(manifest, node, record)));
        return assembled(manifest, cuts);
    }

    private static GlobalSnapshot assembled(SnapshotManifest manifest, SortedMap<NodeId, NodeCut> cuts) {
        List<String> problems = CutVerifier.problems(manifest.view(), cuts.values());
        if (!problems.isEmpty()) {
            throw new SnapshotException("snapshot " + manifest.id() + " is not a consistent cut: " + problems);
        }
        return new GlobalSnapshot(manifest.id(), manifest.clusterId(), manifest.view(), manifest.takenAt(), cuts);
    }

    /** Returns the snapshot, if the parts of all nodes are here. */
    public GlobalSnapshot snapshot() {
        TreeMap<NodeId, NodeCut> cuts = new TreeMap<>();
        manifest.parts().keySet().forEach(node -> cuts.put(node, cut(node)));
        return assembled(manifest, cuts);
    }

    /** Describes the state of a replica; its files are not looked at. */
    public CheckpointManifest state(NodeId node, ReplicaCut replica) {
        String name = part(path, node).resolve(STATES) + ": the state of log \"" + replica.log() + "\" at slot "
                + replica.slot();
        CheckpointManifest state = states(node)
                .at(LogId.ofName(replica.log()), replica.slot().value())
                .orElseThrow(() -> new SnapshotException(name + " is missing, or its manifest is damaged"));
        if (!state.hash().equals(replica.stateHash())) {
            throw new SnapshotException(name + " is not the one that was recorded");
        }
        return state;
    }

    /** Returns the states of a node's replicas. */
    public CheckpointStore states(NodeId node) {
        Path directory = part(path, node).resolve(STATES);
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw new SnapshotException(directory + " is missing"); // opening it would create it
        }
        return states.apply(directory);
    }

    /**
     * Reads everything that is here and compares it with the hashes that name it.
     *
     * <p>There must be the parts of these nodes, whole, and nothing else.
     */
    public SnapshotInfo verify(Collection<NodeId> nodes, SnapshotProgress progress) {
        DirectoryVerifier verifier = new DirectoryVerifier(this);
        for (NodeId node : new TreeSet<>(nodes)) {
            verifier.expect(node);
        }
        return info(verifier.verify(progress));
    }

    SnapshotInfo info(long sizeBytes) {
        SortedSet<NodeId> nodes = new TreeSet<>(manifest.parts().keySet());
        return new SnapshotInfo(
                manifest.id(),
                manifest.keeping().number(),
                manifest.keeping().owner(),
                manifest.clusterId(),
                manifest.takenAt(),
                nodes,
                sizeBytes);
    }
}
