package io.loggos.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The checkout that the tests of this package inspect: its modules and their hand-written files. */
final class SourceTree {
    static final List<String> LIBRARY = List.of("api", "storage", "multicast", "snapshot", "paxos");
    static final List<String> MODULES =
            List.of("api", "storage", "multicast", "snapshot", "paxos", "examples", "benchmarks");

    private static final List<String> TEXT_TYPES = List.of(
            "dot", "html", "java", "json", "md", "mmd", "properties", "proto", "svg", "txt", "xml", "yaml", "yml");
    private static final Path ROOT = findRoot();

    private SourceTree() {}

    static Path root() {
        return ROOT;
    }

    static Path module(String name) {
        return ROOT.resolve(name);
    }

    /** Folder in which the compiler puts the main classes of a module. */
    static Path classes(String module) {
        return module(module).resolve("target/classes");
    }

    static Path testClasses(String module) {
        return module(module).resolve("target/test-classes");
    }

    /** Returns the folders of compiled main classes of the library's modules, as far as they are built. */
    static List<Path> libraryClasses() {
        return LIBRARY.stream()
                .map(SourceTree::classes)
                .filter(Files::isDirectory)
                .toList();
    }

    /** Returns every Java file below {@code folder} (such as {@code src/main/java}) of every module. */
    static List<Path> javaFiles(String folder) {
        return MODULES.stream()
                .map(name -> module(name).resolve(folder))
                .flatMap(below -> files(below, file -> hasType(file, "java")))
                .toList();
    }

    /** Returns every hand-written Java file, main and test. */
    static List<Path> javaFiles() {
        return Stream.concat(javaFiles("src/main/java").stream(), javaFiles("src/test/java").stream())
                .toList();
    }

    /** Returns every Markdown file: the one at the top, and those of the modules. */
    static List<Path> markdownFiles() {
        return textFiles().stream().filter(file -> hasType(file, "md")).toList();
    }

    /** Returns every text file at the top and in the modules, build output left out. */
    static List<Path> textFiles() {
        Predicate<Path> isText = file -> !file.getFileName().toString().contains(".")
                || TEXT_TYPES.stream().anyMatch(type -> hasType(file, type));
        Stream<Path> atTheTop = list(ROOT).filter(Files::isRegularFile).filter(isText);
        Stream<Path> inModules = MODULES.stream()
                .map(SourceTree::module)
                .flatMap(SourceTree::list)
                .filter(entry -> !entry.endsWith("target"))
                .flatMap(entry -> files(entry, isText));
        return Stream.concat(atTheTop, inModules).toList();
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

    /** Returns the line of a position in a text, counted from 1. */
    static int line(String text, int position) {
        return 1
                + (int) text.substring(0, position)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
    }

    private static boolean hasType(Path file, String type) {
        return file.getFileName().toString().endsWith("." + type);
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path start, Predicate<Path> wanted) {
        if (!Files.exists(start)) {
            return Stream.of();
        }
        try (Stream<Path> files = Files.walk(start)) {
            return files.filter(Files::isRegularFile).filter(wanted).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the top folder, which contains {@code .mvn}. Maven runs the tests in the module's folder; an IDE may not.
     */
    private static Path findRoot() {
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
