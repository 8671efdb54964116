package io.loggos.storage.rocksdb;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Gives the files of a RocksDB to another directory without copying what never changes. */
final class OrderedStoreFiles {
    private OrderedStoreFiles() {}

    /**
     * Gives a directory the files of another, which stays as it is: table files, which are never written to
     * again, as hard links where the file systems allow; others as copies.
     */
    static void linkAll(Path from, Path to) throws IOException {
        for (Path file : list(from)) {
            linkOrCopy(file, to.resolve(file.getFileName()));
        }
    }

    /** Gives a file a second name if it is a table, and copies it if it is none or if that does not go. */
    static void linkOrCopy(Path file, Path target) throws IOException {
        if (!file.getFileName().toString().endsWith(".sst") || !link(file, target)) {
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
            // Another file system, one without links, or too many links: a copy does as well.
            Files.deleteIfExists(target);
            return false;
        }
    }
}
