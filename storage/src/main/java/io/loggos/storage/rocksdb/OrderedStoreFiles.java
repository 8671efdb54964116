package io.loggos.storage.rocksdb;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Moves the files of a RocksDB from one directory into another without copying what never changes. */
final class OrderedStoreFiles {
    private OrderedStoreFiles() {}

    /** Moves all files of a directory into another that has none of their names, and removes the directory. */
    static void moveAll(Path from, Path to) throws IOException {
        for (Path file : list(from)) {
            Files.move(file, to.resolve(file.getFileName()));
        }
        Files.delete(from);
    }

    /**
     * Gives a directory the files of another, which stays as it is: table files, which are never written to
     * again, as hard links where the file systems allow; others as copies.
     */
    static void linkAll(Path from, Path to) throws IOException {
        for (Path file : list(from)) {
            Path target = to.resolve(file.getFileName());
            if (!file.getFileName().toString().endsWith(".sst") || !link(file, target)) {
                Files.copy(file, target);
            }
        }
    }

    /** Removes a directory with all that is in it, if it is there. */
    static void deleteTree(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            for (Path entry : list(directory)) {
                deleteTree(entry);
            }
        }
        Files.deleteIfExists(directory);
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
