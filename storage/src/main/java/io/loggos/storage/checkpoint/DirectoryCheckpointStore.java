package io.loggos.storage.checkpoint;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.files.DurableFiles;
import io.loggos.internal.files.TemporaryDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * Checkpoints in directories: {@code root/LOG/SLOT/}, each with a manifest and its files. A checkpoint is written under
 * another name, synced, and then renamed. After a crash it is there completely or not at all (RULES.md F-5 to F-7). The
 * last two checkpoints of a log are kept. If the files of the newest are corrupt, it is set aside and the one before it
 * is used (RULES.md F-15). A file is hashed while it arrives, or when it was written, and before the checkpoint becomes
 * visible (RULES.md O-5).
 *
 * <p>Any thread. Calls about different logs do not wait for each other.
 */
public final class DirectoryCheckpointStore implements CheckpointStore {
    private static final Pattern LOG_DIRECTORY = Pattern.compile("[0-9a-f]{16}");

    private final Path root;
    private final KnownHashes known;
    private final Map<LogId, LogCheckpoints> logs = new ConcurrentHashMap<>();
    /** Numbers the writes of this process, so that no two of them share a directory. */
    private final AtomicLong writes = new AtomicLong();

    /**
     * Opens the checkpoints under a directory and removes what an interrupted writer left there. Creates the directory
     * if it does not exist.
     *
     * @throws StorageException if the directory cannot be used
     */
    public DirectoryCheckpointStore(Path root) {
        this(root, new KnownHashes());
    }

    private DirectoryCheckpointStore(Path root, KnownHashes known) {
        this.root = root;
        this.known = known;
        try {
            Files.createDirectories(root);
            for (Path log : DurableFiles.list(root)) {
                if (!LOG_DIRECTORY.matcher(DurableFiles.name(log)).matches() || !Files.isDirectory(log)) {
                    continue; // somebody else's, such as lost+found
                }
                for (Path child : DurableFiles.list(log)) {
                    if (DurableFiles.name(child).startsWith(LogCheckpoints.WRITING)) {
                        DurableFiles.deleteTree(child);
                    }
                }
            }
        } catch (IOException e) {
            throw new StorageException(StorageException.Kind.IO, "checkpoints in " + root + ": " + e, e);
        }
    }

    /**
     * Opens an empty store: deletes everything that an earlier run left under the directory.
     *
     * @throws StorageException if the directory holds somebody else's files, or cannot be used
     */
    public static DirectoryCheckpointStore emptied(Path root) {
        TemporaryDirectory.empty(root);
        return new DirectoryCheckpointStore(root);
    }

    /**
     * Opens the checkpoints under another directory and shares the known file hashes with it. A file that is part of a
     * checkpoint in one store need not be read again to become part of a checkpoint in the other.
     *
     * @throws StorageException if the directory cannot be used
     */
    public DirectoryCheckpointStore elsewhere(Path directory) {
        return new DirectoryCheckpointStore(directory, known);
    }

    @Override
    public Optional<CheckpointManifest> newest(LogId log) {
        LogCheckpoints checkpoints = of(log);
        try {
            Optional<CheckpointManifest> newest = checkpoints.newest();
            // One that does not verify is set aside, or is superseded meanwhile.
            while (newest.isPresent() && !verify(newest.get())) {
                newest = checkpoints.newest();
            }
            return newest;
        } catch (IOException e) {
            throw unreadable(log, e);
        }
    }

    @Override
    public List<CheckpointManifest> kept(LogId log) {
        try {
            return of(log).kept();
        } catch (IOException e) {
            throw unreadable(log, e);
        }
    }

    @Override
    public boolean verify(CheckpointManifest checkpoint) {
        LogCheckpoints checkpoints = of(checkpoint.log());
        try {
            Path files = directory(checkpoint);
            String fault = LogCheckpoints.fault(checkpoint, files, known);
            if (fault == null && !LogCheckpoints.hasNothingElse(checkpoint, files)) {
                fault = "it has a file that does not belong to it";
            }
            if (fault != null) {
                checkpoints.setAside(checkpoint.slot(), fault);
            }
            return fault == null;
        } catch (IOException e) {
            throw unreadable(checkpoint.log(), e);
        }
    }

    @Override
    public void setAside(CheckpointManifest checkpoint) {
        try {
            of(checkpoint.log()).setAside(checkpoint.slot(), "it cannot be used");
        } catch (IOException e) {
            throw new StorageException(
                    StorageException.Kind.IO,
                    "setting aside the checkpoint of " + checkpoint.log() + " at slot " + checkpoint.slot() + ": " + e,
                    e);
        }
    }

    private static StorageException unreadable(LogId log, IOException cause) {
        return new StorageException(
                StorageException.Kind.IO, "reading the checkpoints of " + log + ": " + cause, cause);
    }

    @Override
    public Optional<CheckpointManifest> previous(LogId log) {
        try {
            return of(log).previous();
        } catch (IOException e) {
            throw unreadable(log, e);
        }
    }

    @Override
    public Optional<CheckpointManifest> at(LogId log, long slot) {
        return of(log).manifest(slot);
    }

    @Override
    public CheckpointManifest write(LogId log, long slot, Bytes replicaState, CheckpointWriter writer)
            throws IOException {
        LogCheckpoints checkpoints = of(log);
        long newest = checkpoints.newestSlot();
        if (slot <= newest) {
            throw notNewer(log, slot, newest);
        }
        makeDirectory(checkpoints);
        Path writing = checkpoints.directory().resolve(LogCheckpoints.WRITING + slot + "-" + writes.incrementAndGet());
        try {
            Path files = Files.createDirectories(writing.resolve(LogCheckpoints.FILES));
            writer.writeTo(files);
            CheckpointManifest manifest =
                    CheckpointManifestCodec.describe(log, slot, replicaState, describeAndSync(files, writer));
            if (!checkpoints.publish(manifest, writing)) {
                throw notNewer(log, slot, checkpoints.newestSlot());
            }
            return manifest;
        } finally {
            DurableFiles.deleteTree(writing); // exists only if a step above failed
        }
    }

    private static IllegalArgumentException notNewer(LogId log, long slot, long newest) {
        return new IllegalArgumentException(
                log + " has a checkpoint at slot " + newest + "; one at " + slot + " is not newer");
    }

    @Override
    public Path directory(CheckpointManifest checkpoint) {
        return of(checkpoint.log()).at(checkpoint.slot()).resolve(LogCheckpoints.FILES);
    }

    @Override
    public Bytes read(CheckpointManifest checkpoint, String file, long offset, int length) throws IOException {
        if (checkpoint.files().stream().noneMatch(known -> known.name().equals(file))) {
            throw new IllegalArgumentException("no file '" + file + "' in the checkpoint at " + checkpoint.slot());
        }
        return DurableFiles.read(directory(checkpoint).resolve(file), offset, length);
    }

    @Override
    public Optional<CheckpointManifest> unfinished(LogId log) {
        try {
            return of(log).unfinished();
        } catch (IOException e) {
            throw unreadable(log, e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws io.loggos.internal.codec.MalformedException if the manifest breaks a rule of {@link CheckpointManifestCodec}
     * @throws IllegalArgumentException if it is not newer than the newest checkpoint here
     */
    @Override
    public Incoming receive(CheckpointManifest checkpoint) throws IOException {
        CheckpointManifestCodec.check(checkpoint);
        LogCheckpoints checkpoints = of(checkpoint.log());
        long newest = checkpoints.newestSlot();
        if (checkpoint.slot() <= newest) {
            throw notNewer(checkpoint.log(), checkpoint.slot(), newest);
        }
        makeDirectory(checkpoints);
        return IncomingCheckpoint.open(checkpoints, checkpoint, known);
    }

    private LogCheckpoints of(LogId log) {
        return logs.computeIfAbsent(
                log, id -> new LogCheckpoints(id, root.resolve(String.format(Locale.ROOT, "%016x", id.value()))));
    }

    /** Creates the directory of the log and syncs its name. */
    private void makeDirectory(LogCheckpoints checkpoints) throws IOException {
        if (!Files.isDirectory(checkpoints.directory())) {
            Files.createDirectories(checkpoints.directory());
            DurableFiles.syncDirectory(root);
        }
    }

    private List<CheckpointFile> describeAndSync(Path files, CheckpointWriter writer) throws IOException {
        List<CheckpointFile> described = new ArrayList<>();
        for (Path file : DurableFiles.list(files)) {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException("a checkpoint is made of plain files; " + DurableFiles.name(file) + " is none");
            }
            Bytes hash = known.hashAndSync(file, writer::verify);
            described.add(new CheckpointFile(DurableFiles.name(file), Files.size(file), hash));
        }
        return described;
    }
}
