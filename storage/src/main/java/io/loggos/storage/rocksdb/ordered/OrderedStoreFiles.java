package io.loggos.storage.rocksdb.ordered;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Puts the files of a RocksDB into another directory without copying the files that never change. */
final class OrderedStoreFiles {
    /** The end of the name of a table, which RocksDB never modifies once it is complete. */
    static final String TABLE = ".sst";

    private OrderedStoreFiles() {}

    /**
     * Puts the files of one directory into another; the first stays unchanged. Table files are never modified again, so
     * they become hard links if the file system allows it. Other files are copied.
     */
    static void linkAll(Path from, Path to) throws IOException {
        for (Path file : list(from)) {
            linkOrCopy(file, to.resolve(file.getFileName()));
        }
    }

    /** Creates a hard link if the file is a table, and copies it otherwise or if a link is not possible. */
    static void linkOrCopy(Path file, Path target) throws IOException {
        if (!file.getFileName().toString().endsWith(TABLE) || !link(file, target)) {
            Files.copy(file, target);
        }
    }

    static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.sorted().toList();
        }
    }

    private static boolean link(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
            return true;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // Another file system, one without links, or too many links: a copy works as well.
            Files.deleteIfExists(target);
            return false;
        }
    }
}
