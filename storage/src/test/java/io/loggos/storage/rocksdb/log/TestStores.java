package io.loggos.storage.rocksdb.log;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.node.StorageOptions;
import io.loggos.storage.rocksdb.record.Keys;
import io.loggos.storage.rocksdb.record.RecordKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;

/** Opens stores and damages their files. */
public final class TestStores {
    public static final String CLUSTER = "test";
    public static final NodeId NODE = NodeId.of(1);
    public static final SortedSet<NodeId> MEMBERS = new TreeSet<>(List.of(NODE, NodeId.of(2), NodeId.of(3)));
    public static final StorageOptions SMALL = StorageOptions.builder()
            .memtableBytes(1 << 20)
            .groupCommitBytes(1 << 20)
            .build();

    private TestStores() {}

    public static RocksDbStore open(Path directory) {
        return RocksDbStore.open(directory, CLUSTER, NODE, MEMBERS, SMALL, new SplittableRandom(1));
    }

    /** Returns the file of the write-ahead log that is being written. */
    static Path newestWal(Path store) throws IOException {
        return files(store.resolve("database"), ".log").stream()
                .max(Comparator.comparing(Path::getFileName))
                .orElseThrow();
    }

    static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    /** Copies a store as it is on the disk at this moment. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** Copies an open store while background work is paused. */
    static void copy(RocksDbStore open, Path from, Path to) throws IOException, RocksDBException {
        synchronized (open.reclaimer) {
            open.database.db.pauseBackgroundWork();
            try {
                copy(from, to);
            } finally {
                open.database.db.continueBackgroundWork();
            }
        }
    }

    public static void flipBit(Path file, long at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[(int) at] ^= 0x10;
        Files.write(file, bytes);
    }

    /** Returns the key of both copies of a log's marks. */
    static byte[] marksKey(LogId log) {
        return ByteBuffer.allocate(Keys.SMALL_BYTES)
                .put(RecordKind.MARKS.code())
                .putLong(log.value())
                .array();
    }

    /**
     * Returns the size, time of modification and content of all files and directories by name, to check that nothing
     * changed.
     */
    public static SortedMap<String, String> everything(Path directory) throws IOException {
        TreeMap<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                boolean file = Files.isRegularFile(path);
                all.put(
                        directory.relativize(path).toString(),
                        (file ? Files.size(path) + " bytes" : "directory")
                                + " of " + Files.getLastModifiedTime(path)
                                + (file ? ", SHA-256 " + hash(path) : ""));
            }
        }
        return all;
    }

    private static String hash(Path file) throws IOException {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
