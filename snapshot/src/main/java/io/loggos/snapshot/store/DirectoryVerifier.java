package io.loggos.snapshot.store;

import io.loggos.api.NodeId;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.files.ContentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Compares all files of a snapshot with the hashes that were recorded, and finds files that do not belong to it. */
final class DirectoryVerifier {
    /** Manifest of a state, in the directory above the files of the checkpoint. */
    private static final String STATE_MANIFEST = "manifest";

    private final SnapshotDirectory snapshot;
    private final Path root;
    private final TreeMap<Path, CheckpointFile> expected = new TreeMap<>();
    /** Files that were read and compared when the others became known. */
    private final TreeSet<Path> sound = new TreeSet<>();

    private long soundBytes;

    DirectoryVerifier(SnapshotDirectory snapshot) {
        this.snapshot = snapshot;
        this.root = snapshot.path();
        sound.add(root.resolve(SnapshotDirectory.MANIFEST));
    }

    /** Adds the part of a node. */
    void expect(NodeId node) {
        Path part = SnapshotDirectory.part(root, node);
        if (!Files.isDirectory(part, LinkOption.NOFOLLOW_LINKS)) {
            throw new SnapshotException(part + " is missing: snapshot "
                    + snapshot.manifest().id() + " is not whole without the part of " + node);
        }
        NodeCut cut = snapshot.cut(node);
        Path record = part.resolve(SnapshotDirectory.PART);
        sound.add(record);
        soundBytes += sizeOf(record);
        CheckpointStore states = snapshot.states(node);
        for (ReplicaCut replica : cut.replicas()) {
            CheckpointManifest state = snapshot.state(node, replica);
            Path files = states.directory(state);
            sound.add(files.resolveSibling(STATE_MANIFEST));
            state.files().forEach(file -> expected.put(files.resolve(file.name()), file));
        }
    }

    private static long sizeOf(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new SnapshotException(file + " cannot be read: " + e, e);
        }
    }

    /** Verifies all files; returns the bytes of all parts. */
    long verify(SnapshotProgress progress) {
        try {
            checkNothingElse();
            long all = expected.values().stream()
                    .mapToLong(CheckpointFile::sizeBytes)
                    .sum();
            long done = 0;
            for (Map.Entry<Path, CheckpointFile> each : expected.entrySet()) {
                progress.at("verify", done, all);
                check(each.getKey(), each.getValue());
                done += each.getValue().sizeBytes();
            }
            progress.at("verify", done, all);
            return soundBytes + all;
        } catch (IOException e) {
            throw new SnapshotException(root + " cannot be read: " + e, e);
        }
    }

    private static void check(Path path, CheckpointFile file) throws IOException {
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new SnapshotException(path + " is missing");
        }
        long size = Files.size(path);
        if (size != file.sizeBytes()) {
            throw new SnapshotException(
                    path + " has " + size + " bytes, not the " + file.sizeBytes() + " of the snapshot");
        }
        if (!ContentHash.of(path).equals(file.contentHash())) {
            throw new SnapshotException(path + " is damaged: it has not the hash that was recorded");
        }
    }

    private void checkNothingElse() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .filter(path -> !expected.containsKey(path) && !sound.contains(path))
                    .sorted()
                    .findFirst()
                    .ifPresent(path -> {
                        throw new SnapshotException(path + " does not belong to the snapshot");
                    });
        }
    }
}
