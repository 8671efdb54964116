package io.loggos.storage.rocksdb;

import io.loggos.api.StorageException;
import io.loggos.internal.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native library of RocksDB, some 17 MB, which is loaded from a file.
 *
 * <p>RocksDB deletes that file when the process ends in an orderly way. Here it is deleted as soon as it is loaded, so
 * a process that is killed leaves nothing. What is loaded needs no name in the file system any more.
 */
public final class NativeLibrary {
    private static final Logger LOGGER = LoggerFactory.getLogger(NativeLibrary.class);
    /** RocksDB's own setting: the directory in which the file is made. */
    private static final String DIRECTORY = "ROCKSDB_SHAREDLIB_DIR";

    private static boolean loaded;

    private NativeLibrary() {}

    /**
     * Loads the library, once. Any thread.
     *
     * @throws StorageException if there is no directory from which it can be loaded
     */
    public static synchronized void load() {
        if (!loaded) {
            String set = System.getenv(DIRECTORY);
            Path parent = Path.of(set == null || set.isEmpty() ? System.getProperty("java.io.tmpdir") : set);
            try {
                loadIn(parent);
            } catch (IOException | RuntimeException | UnsatisfiedLinkError e) {
                throw new StorageException(
                        StorageException.Kind.IO,
                        "the native library of RocksDB cannot be loaded from " + parent
                                + ": name a directory that can be"
                                + " written, and that is not mounted noexec, with the environment variable "
                                + DIRECTORY + " or with -Djava.io.tmpdir: " + e,
                        e);
            }
            loaded = true;
        }
    }

    private static void loadIn(Path parent) throws IOException {
        Path directory = Files.createTempDirectory(parent, "loggos-native-");
        try {
            NativeLibraryLoader.getInstance().loadLibrary(directory.toString());
            RocksDB.loadLibrary();
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) {
        try {
            DurableFiles.deleteTree(directory);
        } catch (IOException e) {
            // Some systems keep the name of a file that is in use.
            LOGGER.debug("{} is deleted when the process ends", directory, e);
        }
    }
}
