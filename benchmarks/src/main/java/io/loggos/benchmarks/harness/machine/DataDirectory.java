package io.loggos.benchmarks.harness.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Directory of one run on a real disk, deleted when it is closed. */
public final class DataDirectory implements AutoCloseable {
    private final Path path;

    /**
     * Creates the directory.
     *
     * @throws IllegalArgumentException if the parent is kept in memory, where a sync costs nothing
     */
    public DataDirectory(Path parent) throws IOException {
        Files.createDirectories(parent);
        if (Machine.isInMemory(parent)) {
            throw new IllegalArgumentException(
                    parent + " is kept in memory, so nothing that is measured there holds for a disk: give another"
                            + " directory (bench: --data DIR; bench jmh: -jvmArgsAppend -Dloggos.bench.data=DIR)");
        }
        path = Files.createTempDirectory(parent, "loggos-bench-");
    }

    public Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            if (Files.exists(path)) {
                deleteAll();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + path, e);
        }
    }

    private void deleteAll() throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> walk = Files.walk(path)) {
            deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : deepestFirst) {
            Files.deleteIfExists(each);
        }
    }
}
