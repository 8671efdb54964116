package io.loggos.storage.checkpoint;

import io.loggos.api.Bytes;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.files.ContentHash;
import io.loggos.internal.files.DurableFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint that is being received, in a directory named by its hash. So chunks of two checkpoints never mix, and an
 * interrupted transfer resumes at the same offset (RULES.md C-4, M-6). A log receives one checkpoint at a time.
 * Beginning another one deletes the unfinished one. Nothing is synced before the end: if a power loss damages chunks,
 * the hashes show it.
 *
 * <p>Each file is hashed while it arrives, so that the end of a large transfer does not read all of it again. Only the
 * part of a file that arrived before a restart is read. One thread at a time.
 */
final class IncomingCheckpoint implements CheckpointStore.Incoming {
    private final LogCheckpoints checkpoints;
    private final CheckpointManifest manifest;
    private final Path directory;
    private final KnownHashes known;
    private final TreeMap<String, CheckpointFile> files = new TreeMap<>();
    /** The files that arrived completely in this process, with their hashes. */
    private final TreeMap<String, Bytes> hashes = new TreeMap<>();

    /** The file that is being written. Chunks arrive file by file. */
    private @Nullable FileChannel open;

    private @Nullable String openName;
    /** The hash of what is in that file. */
    private ContentHash.Running hash = new ContentHash.Running();

    private IncomingCheckpoint(
            LogCheckpoints checkpoints, CheckpointManifest manifest, Path directory, KnownHashes known) {
        this.checkpoints = checkpoints;
        this.manifest = manifest;
        this.directory = directory;
        this.known = known;
        for (CheckpointFile file : manifest.files()) {
            files.put(file.name(), file);
        }
    }

    static IncomingCheckpoint open(LogCheckpoints checkpoints, CheckpointManifest manifest, KnownHashes known)
            throws IOException {
        String name = LogCheckpoints.INCOMING
                + HexFormat.of().formatHex(manifest.hash().toByteArray());
        for (Path child : DurableFiles.list(checkpoints.directory())) {
            String other = DurableFiles.name(child);
            if (other.startsWith(LogCheckpoints.INCOMING) && !other.equals(name)) {
                DurableFiles.deleteTree(child);
            }
        }
        Path directory = checkpoints.directory().resolve(name);
        Path files = Files.createDirectories(directory.resolve(LogCheckpoints.FILES));
        LogCheckpoints.writeManifest(manifest, directory);
        for (CheckpointFile file : manifest.files()) {
            Path path = files.resolve(file.name());
            if (!Files.exists(path)) {
                Files.createFile(path);
            } else if (Files.size(path) > file.sizeBytes()) {
                truncate(path);
            }
        }
        return new IncomingCheckpoint(checkpoints, manifest, directory, known);
    }

    @Override
    public long received(String file) throws IOException {
        return Files.size(path(file));
    }

    /**
     * {@inheritDoc}
     *
     * @throws MalformedException if the checkpoint has no such file, or the bytes do not start at the end of the
     *     received part, or they exceed the size of the file; nothing has changed then
     */
    @Override
    public void append(String file, long offset, Bytes bytes) throws IOException {
        FileChannel channel = channel(file);
        long received = channel.size();
        long size = expected(file).sizeBytes();
        if (offset != received || bytes.size() > size - received) {
            throw new MalformedException(bytes.size() + " bytes at " + offset + " of '" + file + "', of which "
                    + received + " of " + size + " bytes are here");
        }
        try {
            channel.position(received);
            DurableFiles.writeFully(channel, bytes.asByteBuffer());
        } catch (IOException e) {
            close(); // A part may have been written, which the hash does not know of.
            throw e;
        }
        hash.update(bytes.asByteBuffer());
        if (hash.length() == size) {
            Bytes complete = hash.finish();
            close();
            hashes.put(file, complete);
        }
    }

    @Override
    public boolean complete() throws IOException {
        close();
        if (manifest.slot() <= checkpoints.newestSlot()) {
            throw overtaken();
        }
        Path content = directory.resolve(LogCheckpoints.FILES);
        for (CheckpointFile file : manifest.files()) {
            Path path = content.resolve(file.name());
            DurableFiles.sync(path);
            Bytes arrived = hashes.get(file.name());
            boolean sound = Files.size(path) == file.sizeBytes()
                    && (arrived == null ? known.matches(path, file.contentHash()) : arrived.equals(file.contentHash()));
            if (!sound) {
                DurableFiles.deleteTree(directory);
                return false;
            }
        }
        if (!LogCheckpoints.hasNothingElse(manifest, content)) {
            DurableFiles.deleteTree(directory);
            return false;
        }
        if (!checkpoints.publish(manifest, directory)) {
            throw overtaken();
        }
        return true;
    }

    private IOException overtaken() throws IOException {
        DurableFiles.deleteTree(directory);
        return new IOException("a checkpoint as new as the one at slot " + manifest.slot() + " is here by now");
    }

    @Override
    public void close() throws IOException {
        FileChannel channel = open;
        open = null;
        openName = null;
        if (channel != null) {
            channel.close();
        }
    }

    private FileChannel channel(String file) throws IOException {
        FileChannel channel = open;
        if (channel == null || !file.equals(openName)) {
            close();
            channel = FileChannel.open(path(file), StandardOpenOption.READ, StandardOpenOption.WRITE);
            open = channel;
            openName = file;
            hash = new ContentHash.Running().update(channel, Long.MAX_VALUE);
        }
        return channel;
    }

    private Path path(String file) {
        return directory.resolve(LogCheckpoints.FILES).resolve(expected(file).name());
    }

    private CheckpointFile expected(String file) {
        CheckpointFile expected = files.get(file);
        if (expected == null) {
            throw new MalformedException("the checkpoint at slot " + manifest.slot() + " has no such file");
        }
        return expected;
    }

    private static void truncate(Path path) throws IOException {
        FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                .close();
    }
}
