package io.loggos.storage.checkpoint;

import io.loggos.api.Bytes;
import io.loggos.api.spi.ContentHash;
import io.loggos.api.spi.DurableFiles;
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
 * The hashes of files that were synced and hashed before. The files of a checkpoint are never written to again, under
 * whatever name, and the next checkpoint of a RocksDB has most of them under another: they need not be read and synced
 * again each time, which is what lets a snapshot of gigabytes be taken every second. A file counts as the one that was
 * hashed while its identity in the file system, its size and the time of its last change are the same.
 *
 * <p>A file that is deleted may leave its identity to another, and the time of a change has a grain: a hash is remembered
 * only if the grain had passed when it was there, so that no later file can have the same time. Nothing that verifies
 * asks here. Safe for use by any thread.
 */
final class KnownHashes {
    private static final int MOST = 65_536;
    /** More than the tick of a kernel. */
    private static final Duration GRAIN = Duration.ofMillis(20);
    /** Of a file system that keeps whole seconds. */
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

    /** Knows none. */
    KnownHashes() {
        this(Clock.systemUTC());
    }

    KnownHashes(Clock clock) {
        this.clock = clock;
    }

    /** The hash of a file, which is synced when this returns. */
    Bytes syncAndHash(Path path) throws IOException {
        File file = identify(path);
        Bytes known = file == null ? null : get(file);
        if (known != null) {
            return known;
        }
        DurableFiles.sync(path);
        Bytes hash = ContentHash.of(path);
        if (file != null && hasPassed(file.changed.toInstant()) && file.equals(identify(path))) {
            put(file, hash);
        }
        return hash;
    }

    private boolean hasPassed(Instant changed) {
        Duration grain = changed.equals(changed.truncatedTo(ChronoUnit.SECONDS)) ? COARSE_GRAIN : GRAIN;
        return changed.plus(grain).isBefore(clock.instant());
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
