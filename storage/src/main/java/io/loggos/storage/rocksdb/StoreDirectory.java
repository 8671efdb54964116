package io.loggos.storage.rocksdb;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
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
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The directory of a store, held by one process and there by one object:
 *
 * <pre>
 * lock       empty; locked while the store is open
 * fence      the last write known to be synced
 * database/  the RocksDB
 * identity   whose store it is; written last, so it is also the mark that the rest is there
 * </pre>
 *
 * <p>Nothing is changed in a directory that is refused. Only one that was empty is ever formatted (rules.md F-8).
 */
final class StoreDirectory implements AutoCloseable {
    /** Held by this process: the lock of a file says nothing among the threads of one. */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final Path held;
    private final FileChannel lockFile;
    private final boolean empty;

    private StoreDirectory(Path path, Path held, FileChannel lockFile, boolean empty) {
        this.path = path;
        this.held = held;
        this.lockFile = lockFile;
        this.empty = empty;
    }

    /** Takes hold of a directory, which is made if it does not exist. */
    static StoreDirectory hold(Path path) {
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
            empty = false; // another process was quicker
            channel = FileChannel.open(file, StandardOpenOption.WRITE);
        } catch (NoSuchFileException e) {
            throw incomplete(path, "lock");
        }
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new StorageException(StorageException.Kind.LOCKED, path + " is open in another process");
            }
            return new StoreDirectory(path, real, channel, empty);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Whether there was nothing in it, so that a store may be made here. */
    boolean wasEmpty() {
        return empty;
    }

    Path database() {
        return path.resolve("database");
    }

    Path fence() {
        return path.resolve("fence");
    }

    /** Whose store this is, and that all its parts are there. */
    StoreIdentity identity(String clusterId, NodeId node, SortedSet<NodeId> members) {
        Path file = path.resolve("identity");
        try {
            StoreIdentity identity = StoreIdentity.decode(Bytes.wrap(Files.readAllBytes(file)), file);
            identity.require(clusterId, node, members, path);
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

    /** Marks the store as whole, durably. Everything else is there and synced. */
    void finish(StoreIdentity identity) throws IOException {
        Path unfinished = path.resolve("identity.unfinished");
        try (FileChannel channel =
                FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(identity.encode().asByteBuffer());
            channel.force(true);
        }
        syncNames(path);
        Files.move(unfinished, path.resolve("identity"), StandardCopyOption.ATOMIC_MOVE);
        syncNames(path);
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            syncNames(parent);
        }
    }

    /** Fails if the directory has been taken away under the store: files that are open do not tell. */
    void checkPresent() {
        if (!Files.exists(path.resolve("identity"))) {
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
                path + " is not empty and has no '" + missing + "': either the store was being made when the process"
                        + " ended, or parts of it are gone, or it is no store. Nothing was changed; if nothing in it"
                        + " is wanted, remove it and let a new store be made");
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
            // Windows opens no directories; names are durable there with the files
        }
    }
}
