package io.loggos.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The checkout that the tests of this package look at: its modules, and the Java files that people wrote in them. */
final class SourceTree {
    static final List<String> LIBRARY = List.of("api", "storage", "multicast", "snapshot", "paxos");
    static final List<String> MODULES =
            List.of("api", "storage", "multicast", "snapshot", "paxos", "examples", "benchmarks");

    private static final Path ROOT = root();

    private SourceTree() {}

    static Path module(String name) {
        return ROOT.resolve(name);
    }

    /** Where the compiler put the main classes of the library's modules, those that were built. */
    static List<Path> libraryClasses() {
        return LIBRARY.stream()
                .map(name -> module(name).resolve("target/classes"))
                .filter(Files::isDirectory)
                .toList();
    }

    /** Every Java file below {@code folder} (such as {@code src/main/java}) of every module. */
    static List<Path> javaFiles(String folder) {
        return MODULES.stream()
                .map(name -> module(name).resolve(folder))
                .filter(Files::isDirectory)
                .flatMap(SourceTree::javaFilesBelow)
                .toList();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(Path file) {
        return ROOT.relativize(file).toString();
    }

    private static Stream<Path> javaFilesBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Maven runs the tests in the module's folder, an IDE perhaps at the top: the top is where {@code .mvn} is. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isDirectory(folder.resolve(".mvn"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " holds .mvn");
        }
        return folder;
    }
}
