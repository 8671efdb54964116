package io.loggos.snapshot.store;

import io.loggos.api.snapshot.SnapshotException;
import io.loggos.internal.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that is built beside its place and moved there in one step, so that it is wholly there or not at all.
 *
 * <p>Existing files are never overwritten. For one thread.
 */
public final class NewDirectory implements AutoCloseable {
    private final Path target;
    private final Path building;

    private NewDirectory(Path target, Path building) {
        this.target = target;
        this.building = building;
    }

    /**
     * Begins to build a directory. Leftovers of an interrupted attempt beside it are removed.
     *
     * @throws SnapshotException if there is something in its place other than an empty directory
     */
    public static NewDirectory at(Path target) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path name = absolute.getFileName();
        if (name == null) {
            throw new SnapshotException(target + " is no directory that can be made");
        }
        checkFree(absolute);
        Path parent = absolute.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path building = absolute.resolveSibling("." + name + ".unfinished");
        DurableFiles.deleteTree(building);
        return new NewDirectory(absolute, Files.createDirectory(building));
    }

    private static void checkFree(Path target) throws IOException {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            if (!Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                throw new SnapshotException(target + " is there and is no directory. Nothing was changed");
            }
            if (!DurableFiles.list(target).isEmpty()) {
                throw new SnapshotException(target + " is not empty. Nothing was changed");
            }
        }
    }

    /** Directory in which it is built. */
    public Path path() {
        return building;
    }

    /** Moves the directory to its place. The files in it are synced already; this syncs their names. */
    public void publish() throws IOException {
        List<Path> directories;
        try (Stream<Path> all = Files.walk(building)) {
            directories = all.filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .toList();
        }
        for (Path directory : directories) {
            DurableFiles.syncDirectory(directory);
        }
        checkFree(target);
        Files.deleteIfExists(target);
        DurableFiles.publish(building, target);
    }

    /** Removes what was built, unless it is in its place. */
    @Override
    public void close() throws IOException {
        DurableFiles.deleteTree(building);
    }
}
