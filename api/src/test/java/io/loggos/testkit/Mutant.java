package io.loggos.testkit;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A bug planted in the production code: the replacement of a text in a source file. The file is compiled and run in a class
 * loader of its own, so that the production code needs no switches. The text must occur exactly once, so that a mutant
 * cannot become stale unnoticed.
 *
 * @param file the end of a path under {@code src/main/java} of the module whose tests run or, if it has no such file, of a
 *     module beside it; {@code "Stability.java"} or, where that is ambiguous, {@code "core/Stability.java"}
 */
public record Mutant(String name, String file, String text, String replacement) {
    private static final Path SOURCES = Path.of("src/main/java");

    /** Compiles the mutated file into {@code directory}. */
    private void compile(Path directory) throws IOException {
        Path source = source();
        String code = Files.readString(source);
        int at = code.indexOf(text);
        if (at < 0 || code.indexOf(text, at + 1) >= 0) {
            throw new IllegalStateException("mutant \"" + name + "\": its text must occur once in " + source);
        }
        Path mutated = directory.resolve(source.getFileName());
        Files.writeString(mutated, code.replace(text, replacement));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-d",
                    Files.createDirectories(directory.resolve("classes")).toString(),
                    "-cp",
                    System.getProperty("java.class.path"));
            if (!compiler.getTask(null, files, null, options, null, files.getJavaFileObjects(mutated))
                    .call()) {
                throw new IllegalStateException("mutant \"" + name + "\" does not compile");
            }
        }
    }

    private Path source() throws IOException {
        List<Path> found = named(SOURCES);
        if (found.isEmpty()) {
            try (Stream<Path> beside = Files.list(Path.of("").toAbsolutePath().getParent())) {
                for (Path module : beside.toList()) {
                    found.addAll(named(module.resolve(SOURCES)));
                }
            }
        }
        if (found.size() != 1) {
            throw new IllegalStateException("mutant \"" + name + "\": one file must be called " + file + ": " + found);
        }
        return found.get(0);
    }

    private List<Path> named(Path sources) throws IOException {
        if (!Files.isDirectory(sources)) {
            return new ArrayList<>();
        }
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(path -> path.endsWith(file)).collect(Collectors.toCollection(ArrayList::new));
        }
    }

    /**
     * Runs seeds with this bug until a predicate does not hold.
     *
     * @param directory an empty one, for the classes
     * @param probe a public class with a public static method {@code String firstViolation(long firstSeed, int seeds)}
     * @return the violated predicate and its seed, or an empty text
     */
    public String caught(Path directory, Class<?> probe, long firstSeed, int seeds)
            throws IOException, ReflectiveOperationException {
        compile(directory);
        List<URL> classPath = new ArrayList<>();
        classPath.add(directory.resolve("classes").toUri().toURL());
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Mutant::url)
                .forEach(classPath::add);
        try (URLClassLoader loader =
                new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            return (String) loader.loadClass(probe.getName())
                    .getMethod("firstViolation", long.class, int.class)
                    .invoke(null, firstSeed, seeds);
        }
    }

    /**
     * Runs seeds with this bug, and prints what has caught it.
     *
     * @throws AssertionError if no seed does
     * @see #caught
     */
    public void mustBeCaught(Path directory, Class<?> probe, long firstSeed, int seeds)
            throws IOException, ReflectiveOperationException {
        String caught = caught(directory, probe, firstSeed, seeds);
        System.out.println("mutant \"" + name + "\": " + (caught.isEmpty() ? "not caught" : caught));
        assertFalse(caught.isEmpty(), () -> "not caught in " + seeds + " seeds: " + name);
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
