package io.loggos.storage.checkpoint;

import io.loggos.api.Bytes;
import io.loggos.api.spi.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The hashes of files that were synced and hashed before. The tables of a RocksDB are never written to again, and the next
 * checkpoint has them under another name: they need not be read and synced again each time, which is what lets a
 * snapshot of gigabytes be taken every second. A file counts as the one that was hashed while its identity in the file
 * system, its size and the time of its last change are the same.
 *
 * <p>That time has a grain, so a file that changed just before it was hashed may change again and look the same: such a
 * file is hashed again the next time. Nothing that verifies asks here. Safe for use by any thread.
 */
public final class KnownHashes {
    private static final int MOST = 65_536;
    private static final Duration GRAIN = Duration.ofSeconds(2);

    private record File(Object key, long sizeBytes, FileTime changed) {}

    private final Clock clock;

    private final Map<File, Bytes> hashes = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<File, Bytes> eldest) {
            return size() > MOST;
        }
    };

    /** Knows none. */
    public KnownHashes() {
        this(Clock.systemUTC());
    }

    KnownHashes(Clock clock) {
        this.clock = clock;
    }

    /** The SHA-256 of a file, which is synced when this returns. */
    Bytes syncAndHash(Path path) throws IOException {
        Instant now = clock.instant();
        File file = identify(path);
        Bytes known = file == null ? null : get(file);
        if (known != null) {
            return known;
        }
        DurableFiles.sync(path);
        Bytes hash = DurableFiles.sha256(path);
        if (file != null && file.changed.toInstant().plus(GRAIN).isBefore(now) && file.equals(identify(path))) {
            put(file, hash);
        }
        return hash;
    }

    /** Null on a file system whose files have no identity but their name. */
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
