package io.loggos.storage.rocksdb.directory;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.internal.files.DurableFiles;
import io.loggos.storage.rocksdb.RocksDbFailures;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The directory of a store. One object in one process holds it at a time.
 *
 * <pre>
 * lock       empty; locked while the store is open
 * fence      the last write known to be synced
 * database/  the RocksDB
 * identity   the owner of the store; written last, so it also marks the store as complete
 * making     empty; there while a store is being made
 * </pre>
 *
 * <p>A refused directory is not changed. A store is made in an empty directory, or in one where the making of a store
 * was interrupted: nothing was ever promised from there (RULES.md F-8).
 */
public final class StoreDirectory implements AutoCloseable {
    private static final String IDENTITY = "identity";
    private static final String UNFINISHED_IDENTITY = "identity.unfinished";
    private static final String MAKING = "making";

    /** Directories held by this process. A file lock does not exclude threads of the same process. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path held;
    private final FileChannel lockFile;
    private final boolean blank;

    private StoreDirectory(Path path, Path held, FileChannel lockFile, boolean blank) {
        this.path = path;
        this.held = held;
        this.lockFile = lockFile;
        this.blank = blank;
    }

    /** Locks a directory, which is created if it does not exist. */
    public static StoreDirectory hold(Path path) {
        try {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw new StorageException(StorageException.Kind.IO, path + " is not a directory");
            }
            Files.createDirectories(path);
            Path real = path.toRealPath();
            if (!HELD.add(real)) {
                throw new StorageException(StorageException.Kind.LOCKED, path + " is open in this process already");
            }
            try {
                return lock(path, real);
            } catch (IOException | RuntimeException e) {
                HELD.remove(real);
                throw e;
            }
        } catch (IOException e) {
            throw RocksDbFailures.of("cannot use", path, e);
        }
    }

    private static StoreDirectory lock(Path path, Path real) throws IOException {
        Path file = path.resolve("lock");
        boolean empty = isEmpty(path);
        FileChannel channel;
        try {
            channel = FileChannel.open(
                    file, empty ? StandardOpenOption.CREATE_NEW : StandardOpenOption.WRITE, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            empty = false; // another process was faster
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            throw incomplete(path, "lock");
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new StorageException(StorageException.Kind.LOCKED, path + " is open in another process");
            }
            return new StoreDirectory(path, real, channel, empty || isUnfinished(path));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** True if there never was a store in the directory, so that one may be made in it. */
    public boolean isBlank() {
        return blank;
    }

    /** Begins to make a store: removes what an interrupted attempt left, and marks the directory. */
    public void begin() throws IOException {
        Path making = path.resolve(MAKING);
        if (!Files.exists(making)) {
            Files.createFile(making);
        }
        syncNames(path);
        DurableFiles.deleteTree(database());
        Files.deleteIfExists(fence());
        Files.deleteIfExists(path.resolve(UNFINISHED_IDENTITY));
    }

    public Path database() {
        return path.resolve("database");
    }

    public Path fence() {
        return path.resolve("fence");
    }

    /** Reads the identity of the store, checks cluster and node, and checks that all parts of the store exist. */
    public StoreIdentity identity(String clusterId, NodeId node) {
        Path file = path.resolve(IDENTITY);
        try {
            StoreIdentity identity = StoreIdentity.decode(Bytes.wrap(Files.readAllBytes(file)), file);
            identity.require(clusterId, node, path);
            if (!Files.exists(fence())) {
                throw incomplete(path, "fence");
            }
            if (!Files.exists(database().resolve("CURRENT"))) {
                throw incomplete(path, "database");
            }
            return identity;
        } catch (NoSuchFileException e) {
            throw incomplete(path, "identity");
        } catch (IOException e) {
            throw RocksDbFailures.of("reading", file, e);
        }
    }

    /** Marks the store as complete and syncs that mark. Everything else must be there and synced. */
    public void finish(StoreIdentity identity) throws IOException {
        replace(identity);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            syncNames(parent);
        }
        Files.deleteIfExists(path.resolve(MAKING));
    }

    /** Replaces the identity, durably. */
    public void replace(StoreIdentity identity) throws IOException {
        Path unfinished = path.resolve(UNFINISHED_IDENTITY);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
            channel.write(identity.encode().asByteBuffer());
            channel.force(true);
        }
        syncNames(path);
        Files.move(unfinished, path.resolve(IDENTITY), StandardCopyOption.ATOMIC_MOVE);
        syncNames(path);
    }

    /** Fails if the directory was deleted while the store is open: open files do not show that. */
    public void checkPresent() {
        if (!Files.exists(path.resolve(IDENTITY))) {
            throw new StorageException(StorageException.Kind.IO, path + " has disappeared while it was in use");
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw RocksDbFailures.of("closing the lock of", path, e);
        } finally {
            HELD.remove(held);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private static StorageException incomplete(Path path, String missing) {
        return new StorageException(
                StorageException.Kind.STORE_INCOMPLETE,
                path + " is not empty and has no '" + missing
                        + "': either parts of the store are gone, or it is no store."
                        + " Nothing was changed; if nothing in it is wanted, remove it and let a new store be made");
    }

    /** True if the making of a store was interrupted: it has the mark for that, or nothing but the lock. */
    private static boolean isUnfinished(Path directory) throws IOException {
        if (Files.exists(directory.resolve(IDENTITY))) {
            return false;
        }
        if (Files.exists(directory.resolve(MAKING))) {
            return true;
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.allMatch(child -> child.endsWith("lock"));
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.findAny().isEmpty();
        }
    }

    private static void syncNames(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (AccessDeniedException e) {
            // Windows cannot open directories; there, names become durable together with the files.
        }
    }
}
