package io.loggos.storage.checkpoint;

import io.loggos.api.Bytes;
import io.loggos.internal.files.ContentHash;
import io.loggos.internal.files.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of files that this process hashed and verified. The files of a checkpoint are never modified again, and the
 * next checkpoint of a RocksDB contains most of them under other names. They need not be read and synced again each
 * time, so a snapshot of gigabytes can be taken every second. A file counts as known while its file key (identity in
 * the file system), its size and its modification time are unchanged.
 *
 * <p>Damage changes none of these. So a hash is remembered only of a file that was sound when it was hashed: its own
 * checksums were verified afterwards, or it matched the manifest of a checkpoint (RULES.md O-5). Damage that comes
 * later gives a file that does not match the hash.
 *
 * <p>A file key can be reused after its file is deleted, and a modification time has a limited resolution. So a hash is
 * remembered only if the modification time is older than that resolution when the file is hashed. No later file can
 * then have the same time. Verification never uses these hashes. Safe for use by any thread.
 */
final class KnownHashes {
    private static final int MOST = 65_536;
    /** Resolution of a modification time: longer than the tick of a kernel. */
    private static final Duration GRAIN = Duration.ofMillis(20);
    /** Resolution on a file system that keeps whole seconds. */
    private static final Duration COARSE_GRAIN = Duration.ofSeconds(2);

    private record File(Object key, long sizeBytes, FileTime changed) {}

    private final Clock clock;

    private final Map<File, Bytes> hashes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<File, Bytes> eldest) {
            return size() > MOST;
        }
    };

    /** Starts without any hash. */
    KnownHashes() {
        this(Clock.systemUTC());
    }

    KnownHashes(Clock clock) {
        this.clock = clock;
    }

    /** Verifies a file by the checksums that it carries. */
    @FunctionalInterface
    interface Verifier {
        void verify(Path file) throws IOException;
    }

    /**
     * Hashes, syncs and verifies a file, unless it is known, and returns its hash.
     *
     * <p>The file is hashed before it is synced and verified: damage that the hash covers is then found.
     */
    Bytes hashAndSync(Path path, Verifier verifier) throws IOException {
        File file = identify(path);
        Bytes known = file == null ? null : get(file);
        if (known != null) {
            return known;
        }
        Bytes hash = ContentHash.of(path);
        DurableFiles.sync(path);
        verifier.verify(path);
        remember(file, path, hash);
        return hash;
    }

    /** Hashes a file of a checkpoint. Remembers the hash if it is the expected one, and returns true then. */
    boolean matches(Path path, Bytes expected) throws IOException {
        File file = identify(path);
        boolean matches = ContentHash.of(path).equals(expected);
        if (matches) {
            remember(file, path, expected);
        }
        return matches;
    }

    private void remember(@Nullable File file, Path path, Bytes hash) throws IOException {
        if (file != null && hasPassed(file.changed.toInstant()) && file.equals(identify(path))) {
            put(file, hash);
        }
    }

    private boolean hasPassed(Instant changed) {
        Duration grain = changed.equals(changed.truncatedTo(ChronoUnit.SECONDS)) ? COARSE_GRAIN : GRAIN;
        return changed.plus(grain).isBefore(clock.instant());
    }

    /** Returns null on a file system whose files have no file key. */
    private static @Nullable File identify(Path path) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        Object key = attributes.fileKey();
        return key == null ? null : new File(key, attributes.size(), attributes.lastModifiedTime());
    }

    private synchronized @Nullable Bytes get(File file) {
        return hashes.get(file);
    }

    private synchronized void put(File file, Bytes hash) {
        hashes.put(file, hash);
    }
}
