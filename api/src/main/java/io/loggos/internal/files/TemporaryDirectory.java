package io.loggos.internal.files;

import io.loggos.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A directory of a node for files that no later start needs. It is emptied at each start, and only if it is a node's.
 *
 * <p>A file in it says so. A data directory may be one in which somebody keeps files under the same name.
 */
public final class TemporaryDirectory {
    /** The name of the file that makes a directory a node's own. */
    static final String MARKER = "loggos-deletes-this-directory";

    private TemporaryDirectory() {}

    /**
     * Checks that a directory may be emptied: it is not there, is empty, or has the marker.
     *
     * @throws StorageException if it holds somebody else's files
     */
    public static void check(Path directory) {
        try {
            if (Files.exists(directory) && !isOurs(directory)) {
                throw new StorageException(
                        StorageException.Kind.OTHER_IDENTITY,
                        directory + " holds files that are not of this library, which empties it at each start: give"
                                + " another data directory, or move them");
            }
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static boolean isOurs(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        return Files.exists(directory.resolve(MARKER))
                || DurableFiles.list(directory).isEmpty();
    }

    /**
     * Creates an empty directory, or empties the one that is there.
     *
     * @throws StorageException if it holds somebody else's files, or cannot be used
     */
    public static void empty(Path directory) {
        check(directory);
        try {
            Path marker = directory.resolve(MARKER);
            if (Files.exists(directory)) {
                List<Path> files = DurableFiles.list(directory);
                for (Path file : files) {
                    if (!file.equals(marker)) {
                        DurableFiles.deleteTree(file);
                    }
                }
            }
            Files.createDirectories(directory);
            if (!Files.exists(marker)) {
                Files.createFile(marker);
            }
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static StorageException unusable(Path directory, IOException cause) {
        return new StorageException(StorageException.Kind.IO, "emptying " + directory + ": " + cause, cause);
    }
}
