package io.loggos.snapshot.store;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotInfo;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node's parts of global snapshots, each in a {@link SnapshotDirectory} named by the snapshot's id.
 *
 * <p>A part is written under another name and becomes visible by one rename, together with the manifest of the whole.
 * After a crash it is wholly there or not at all. Safe for use by any thread.
 */
public final class SnapshotStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotStore.class);
    private static final String WRITING = "writing-";
    private static final String DELETING = "deleting-";
    private static final Comparator<Visible> BY_AGE = Comparator.comparing(
                    (Visible each) -> each.manifest().keeping().number())
            .thenComparing(each -> each.manifest().id());

    private final Path root;
    private final NodeId self;
    private final Function<Path, CheckpointStore> states;
    private final TreeMap<SnapshotId, PartWriter> unfinished = new TreeMap<>();
    private final TreeMap<SnapshotId, Visible> visible = new TreeMap<>();
    /**
     * Snapshots that were read since the last publication. A copy may be under way, so they are not yet deleted as too
     * old.
     */
    private final Set<SnapshotId> beingRead = new TreeSet<>();

    /** A snapshot that is complete. */
    private static final class Visible {
        final SnapshotDirectory directory;
        final long sizeBytes;
        /** Read when first asked for. */
        private @Nullable TreeMap<LogId, CheckpointManifest> states;

        Visible(SnapshotDirectory directory, long sizeBytes) {
            this.directory = directory;
            this.sizeBytes = sizeBytes;
        }

        SnapshotManifest manifest() {
            return directory.manifest();
        }

        synchronized Optional<CheckpointManifest> state(NodeId self, LogId log) {
            if (states == null) {
                TreeMap<LogId, CheckpointManifest> read = new TreeMap<>();
                NodeCut cut = directory.cut(self);
                for (ReplicaCut replica : cut.replicas()) {
                    read.put(LogId.ofName(replica.log()), directory.state(self, replica));
                }
                states = read;
            }
            return Optional.ofNullable(states.get(log));
        }
    }

    private SnapshotStore(Path root, NodeId self, Function<Path, CheckpointStore> states) {
        this.root = root;
        this.self = self;
        this.states = states;
    }

    /**
     * Opens the snapshots under a directory, which is created if it does not exist, and removes unfinished ones.
     *
     * @param states opens the checkpoints under a directory
     * @throws StorageException if the directory cannot be used
     */
    public static SnapshotStore open(Path root, NodeId self, Function<Path, CheckpointStore> states) {
        SnapshotStore store = new SnapshotStore(root, self, states);
        try {
            Files.createDirectories(root);
            for (Path child : DurableFiles.list(root)) {
                String name = DurableFiles.name(child);
                if (name.startsWith(WRITING) || name.startsWith(DELETING)) {
                    DurableFiles.deleteTree(child);
                } else {
                    store.load(child);
                }
            }
            return store;
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.IO, "snapshots in " + root + ": " + e, e);
        }
    }

    /** Loads a snapshot. A damaged one is not offered, and is left for people to look at. */
    private void load(Path path) throws IOException {
        try {
            SnapshotDirectory directory = SnapshotDirectory.open(path, states);
            checkName(directory);
            visible.put(directory.manifest().id(), new Visible(directory, sizeOf(path)));
        } catch (SnapshotException e) {
            LOGGER.error("A snapshot cannot be used: {}", e.getMessage());
        }
    }

    private static void checkName(SnapshotDirectory directory) {
        SnapshotId id = directory.manifest().id();
        if (!DurableFiles.name(directory.path()).equals(id.toString())) {
            throw new SnapshotException(
                    directory.path().resolve(SnapshotDirectory.MANIFEST) + " is the manifest of snapshot " + id);
        }
    }

    private long sizeOf(Path snapshot) throws IOException {
        try (Stream<Path> files = Files.walk(SnapshotDirectory.part(snapshot, self))) {
            long size = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                size += Files.size(file);
            }
            return size;
        }
    }

    /**
     * Begins this node's part of a snapshot.
     *
     * @throws IllegalStateException if there is one already
     */
    public synchronized PartWriter begin(SnapshotId id) throws IOException {
        if (unfinished.containsKey(id) || visible.containsKey(id)) {
            throw new IllegalStateException("this node has a part of snapshot " + id);
        }
        Path directory = root.resolve(WRITING + id);
        DurableFiles.deleteTree(directory);
        Path part = Files.createDirectories(SnapshotDirectory.part(directory, self));
        PartWriter writer = new PartWriter(
                id, self, directory, states.apply(Files.createDirectories(part.resolve(SnapshotDirectory.STATES))));
        unfinished.put(id, writer);
        return writer;
    }

    /** Returns the record of this node's part, once it is finished; the snapshot need not be complete yet. */
    public Bytes partRecord(SnapshotId id) throws IOException {
        return Bytes.wrap(Files.readAllBytes(record(id)));
    }

    /** Reads a piece of the record of this node's part. */
    public Bytes readRecord(SnapshotId id, long offset, int length) throws IOException {
        return DurableFiles.read(record(id), offset, length);
    }

    private synchronized Path record(SnapshotId id) {
        PartWriter writer = unfinished.get(id);
        Path directory = writer != null && writer.digest() != null
                ? writer.directory()
                : visible(id).directory.path();
        beingRead.add(id);
        return SnapshotDirectory.part(directory, self).resolve(SnapshotDirectory.PART);
    }

    private Visible visible(SnapshotId id) {
        Visible found = visible.get(id);
        if (found == null) {
            throw new SnapshotException("node " + self.value() + " has no snapshot " + id);
        }
        return found;
    }

    private synchronized Visible reading(SnapshotId id) {
        Visible found = visible(id);
        beingRead.add(id);
        return found;
    }

    /** Returns the state of one of this node's replicas in a complete snapshot, if it has one. */
    public Optional<CheckpointManifest> state(SnapshotId id, LogId log) {
        return reading(id).state(self, log);
    }

    /** Reads a piece of a file of a state. */
    public Bytes readState(SnapshotId id, LogId log, String file, long offset, int length) throws IOException {
        Visible from = reading(id);
        CheckpointManifest state = from.state(self, log)
                .orElseThrow(() -> new SnapshotException("snapshot " + id + " has no state of " + log));
        return from.directory.states(self).read(state, file, offset, length);
    }

    /**
     * Makes this node's part visible, in one step; then deletes the oldest others.
     *
     * <p>At most {@code retained} snapshots of its owner remain. Does nothing if the part is visible already.
     *
     * @throws SnapshotException if this node has finished no such part
     */
    public void publish(SnapshotManifest manifest, int retained) throws IOException {
        List<Path> old = new ArrayList<>();
        synchronized (this) {
            if (visible.containsKey(manifest.id())) {
                return;
            }
            show(manifest);
            List<Visible> others = new ArrayList<>(visible.values());
            String owner = manifest.keeping().owner();
            others.removeIf(each -> each.manifest().id().equals(manifest.id())
                    || !each.manifest().keeping().owner().equals(owner));
            others.sort(BY_AGE);
            for (Visible each : others.subList(0, Math.max(0, others.size() + 1 - retained))) {
                if (!beingRead.contains(each.manifest().id())) {
                    old.add(hide(each));
                }
            }
            beingRead.clear();
        }
        for (Path each : old) {
            DurableFiles.deleteTree(each);
        }
    }

    private void show(SnapshotManifest manifest) throws IOException {
        SnapshotId id = manifest.id();
        PartWriter writer = unfinished.get(id);
        PartDigest digest = writer == null ? null : writer.digest();
        if (writer == null || digest == null || !digest.equals(manifest.parts().get(self))) {
            throw new SnapshotException("node " + self.value() + " has finished no such part of snapshot " + id);
        }
        Path directory = writer.directory();
        DurableFiles.write(directory.resolve(SnapshotDirectory.MANIFEST), SnapshotManifestCodec.encode(manifest));
        DurableFiles.syncDirectory(directory);
        Path target = root.resolve(id.toString());
        DurableFiles.publish(directory, target);
        unfinished.remove(id);
        visible.put(id, new Visible(SnapshotDirectory.open(target, states), sizeOf(target)));
    }

    /** Hides a snapshot in one step; the returned directory is to be deleted. */
    private Path hide(Visible each) throws IOException {
        SnapshotId id = each.manifest().id();
        Path hidden = root.resolve(DELETING + id);
        DurableFiles.publish(each.directory.path(), hidden);
        visible.remove(id);
        return hidden;
    }

    /** Removes this node's part of a snapshot that was aborted, if there is one. */
    public void discard(SnapshotId id) {
        PartWriter writer;
        synchronized (this) {
            writer = unfinished.remove(id);
        }
        if (writer != null) {
            writer.discard();
        }
    }

    /** Deletes a complete snapshot; returns whether it was there. */
    public boolean delete(SnapshotId id) throws IOException {
        Path hidden;
        synchronized (this) {
            Visible found = visible.get(id);
            if (found == null) {
                return false;
            }
            hidden = hide(found);
        }
        DurableFiles.deleteTree(hidden);
        return true;
    }

    /** Returns the highest number of a complete snapshot; 0 if there is none. */
    public synchronized long newestNumber() {
        return visible.values().stream()
                .mapToLong(each -> each.manifest().keeping().number())
                .max()
                .orElse(0);
    }

    /** Returns the complete snapshots, oldest first. */
    public synchronized List<SnapshotInfo> list() {
        return visible.values().stream()
                .sorted(BY_AGE)
                .map(each -> each.directory.info(each.sizeBytes))
                .toList();
    }

    /** Returns the manifest of a complete snapshot. */
    public synchronized Optional<SnapshotManifest> manifest(SnapshotId id) {
        return Optional.ofNullable(visible.get(id)).map(Visible::manifest);
    }

    /**
     * Reads all of this node's part from the disk and compares it with the hashes that were recorded.
     *
     * @throws SnapshotException that names the file and what is wrong with it
     */
    public SnapshotInfo verify(SnapshotId id, SnapshotProgress progress) {
        SnapshotDirectory directory =
                SnapshotDirectory.open(reading(id).directory.path(), states);
        checkName(directory);
        return directory.verify(List.of(self), progress);
    }
}
