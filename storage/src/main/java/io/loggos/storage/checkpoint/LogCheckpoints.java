package io.loggos.storage.checkpoint;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointManifest.CheckpointFile;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of one log's checkpoints, and the meaning of the names in it:
 *
 * <pre>
 * 00000000000000000042/manifest    a checkpoint at slot 42; visible, complete and synced
 * 00000000000000000042/files/…     its files
 * writing-…                        one that this node is writing; useless after a restart
 * incoming-HASH                    one that is being received; the transfer resumes after a restart
 * rotten-…                         one that cannot be used; kept until a sound one is made
 * </pre>
 *
 * <p>Any thread. No call sees a change of another one in part.
 */
final class LogCheckpoints {
    static final String FILES = "files";
    static final String MANIFEST = "manifest";
    static final String WRITING = "writing-";
    static final String INCOMING = "incoming-";
    static final String ROTTEN = "rotten-";
    /** The number of checkpoints of a log that stay. */
    static final int KEPT = 2;

    private static final Logger LOGGER = LoggerFactory.getLogger(LogCheckpoints.class);
    private static final int FORMAT = 1;

    private final LogId log;
    private final Path directory;

    LogCheckpoints(LogId log, Path directory) {
        this.log = log;
        this.directory = directory;
    }

    Path directory() {
        return directory;
    }

    Path at(long slot) {
        return directory.resolve(String.format(Locale.ROOT, "%020d", slot));
    }

    /** Returns the slots of the visible checkpoints, newest first. */
    private List<Long> slots() throws IOException {
        List<Long> slots = new ArrayList<>();
        for (Path child : DurableFiles.list(directory)) {
            String name = DurableFiles.name(child);
            if (name.length() == 20 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
                slots.add(0, Long.parseLong(name));
            }
        }
        return slots;
    }

    synchronized long newestSlot() throws IOException {
        List<Long> slots = slots();
        return slots.isEmpty() ? -1 : slots.get(0);
    }

    /** Returns the visible checkpoints with a sound manifest, newest first. */
    synchronized List<CheckpointManifest> kept() throws IOException {
        List<CheckpointManifest> kept = new ArrayList<>();
        for (long slot : slots()) {
            manifest(slot).ifPresent(kept::add);
        }
        return kept;
    }

    /** Returns the newest visible checkpoint. Hides those without a sound manifest. */
    synchronized Optional<CheckpointManifest> newest() throws IOException {
        for (long slot : slots()) {
            Optional<CheckpointManifest> manifest = manifest(slot);
            if (manifest.isPresent()) {
                return manifest;
            }
            setAside(slot, "its manifest is missing or damaged");
        }
        return Optional.empty();
    }

    /** Returns the visible checkpoint before the newest, if its manifest is sound. */
    synchronized Optional<CheckpointManifest> previous() throws IOException {
        List<Long> slots = slots();
        return slots.size() < 2 ? Optional.empty() : manifest(slots.get(1));
    }

    /** Returns the manifest at a slot, if it is sound. This does not check the hashes of the files. */
    Optional<CheckpointManifest> manifest(long slot) {
        Path file = at(slot).resolve(MANIFEST);
        try {
            CheckpointManifest manifest = decode(Bytes.wrap(Files.readAllBytes(file)));
            boolean inPlace = manifest.log().equals(log) && manifest.slot() == slot;
            return inPlace ? Optional.of(manifest) : Optional.empty();
        } catch (MalformedException | IOException e) {
            LOGGER.debug("{} cannot be used", file, e);
            return Optional.empty();
        }
    }

    /** Returns the manifest of a checkpoint that is being received, if it is sound. */
    Optional<CheckpointManifest> unfinished() throws IOException {
        for (Path child : DurableFiles.list(directory)) {
            if (DurableFiles.name(child).startsWith(INCOMING)) {
                try {
                    return Optional.of(decode(Bytes.wrap(Files.readAllBytes(child.resolve(MANIFEST)))));
                } catch (MalformedException | NoSuchFileException e) {
                    // Its begin was interrupted. The next receipt deletes it.
                }
            }
        }
        return Optional.empty();
    }

    /** Returns the first fault of a checkpoint's files, or null if each has the size and hash of the manifest. */
    static @Nullable String fault(CheckpointManifest manifest, Path files, KnownHashes known) {
        for (CheckpointFile file : manifest.files()) {
            Path path = files.resolve(file.name());
            try {
                if (!Files.isRegularFile(path)) {
                    return file.name() + " is missing";
                }
                if (Files.size(path) != file.sizeBytes()) {
                    return file.name() + " has " + Files.size(path) + " bytes, not " + file.sizeBytes();
                }
                if (!known.matches(path, file.contentHash())) {
                    return file.name() + " does not match its hash";
                }
            } catch (IOException e) {
                return file.name() + " cannot be read: " + e;
            }
        }
        return null;
    }

    /** True if the directory has as many files as the manifest names. */
    static boolean hasNothingElse(CheckpointManifest manifest, Path files) throws IOException {
        return DurableFiles.list(files).size() == manifest.files().size();
    }

    /**
     * Makes a complete directory the visible checkpoint of a slot, and removes older ones that are no longer needed.
     *
     * @return false if a checkpoint that is as new is visible by now; nothing has changed then
     */
    synchronized boolean publish(CheckpointManifest manifest, Path complete) throws IOException {
        if (manifest.slot() <= newestSlot()) {
            return false;
        }
        writeManifest(manifest, complete);
        DurableFiles.syncDirectory(complete.resolve(FILES));
        DurableFiles.syncDirectory(complete);
        DurableFiles.publish(complete, at(manifest.slot()));
        List<Long> slots = slots();
        for (long old : slots.subList(Math.min(KEPT, slots.size()), slots.size())) {
            DurableFiles.deleteTree(at(old));
        }
        removeAll(ROTTEN);
        return true;
    }

    static void writeManifest(CheckpointManifest manifest, Path into) throws IOException {
        DurableFiles.write(into.resolve(MANIFEST), encode(manifest));
    }

    /** Hides a checkpoint that cannot be used, if it is still there. */
    synchronized void setAside(long slot, String fault) throws IOException {
        if (Files.isDirectory(at(slot))) {
            LOGGER.error("The checkpoint {} is not used: {}. The one before it takes its place", at(slot), fault);
            Path aside = directory.resolve(ROTTEN + slot);
            DurableFiles.deleteTree(aside);
            DurableFiles.publish(at(slot), aside);
        }
    }

    private void removeAll(String prefix) throws IOException {
        for (Path child : DurableFiles.list(directory)) {
            if (DurableFiles.name(child).startsWith(prefix)) {
                DurableFiles.deleteTree(child);
            }
        }
    }

    private static Bytes encode(CheckpointManifest manifest) {
        Bytes body = CheckpointManifestCodec.encode(manifest);
        return new ByteWriter(body.size() + 16)
                .putInt(FORMAT)
                .putBytes(body)
                .putInt(checksum(body))
                .toBytes();
    }

    private static CheckpointManifest decode(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int format = reader.getInt();
        if (format != FORMAT) {
            throw new MalformedException("a checkpoint of format " + format);
        }
        Bytes body = reader.getBytes();
        if (reader.getInt() != checksum(body)) {
            throw new MalformedException("a manifest that does not check");
        }
        reader.end();
        return CheckpointManifestCodec.decode(body);
    }

    private static int checksum(Bytes body) {
        CRC32C crc = new CRC32C();
        crc.update(FORMAT);
        crc.update(body.backingArray(), body.backingOffset(), body.size());
        return (int) crc.getValue();
    }
}
