package io.loggos.api.testkit;

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
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A bug planted in the production code, as the replacement of a text in a source file. It is compiled and run
 * in a class loader of its own, so that the production code needs no switches for it. The text must occur
 * exactly once, so a mutant cannot rot unnoticed.
 *
 * @param file under {@code src/main/java} of the module whose tests run, or of one beside it
 */
public record Mutant(String name, String file, String text, String replacement) {
    private static final List<String> MODULES = List.of("api", "storage", "multicast", "snapshot", "paxos");

    /** Compiles the mutated file into {@code directory}. */
    private void compile(Path directory) throws IOException {
        Path source = source();
        String code = Files.readString(source);
        int at = code.indexOf(text);
        if (at < 0 || code.indexOf(text, at + 1) >= 0) {
            throw new IllegalStateException("mutant \"" + name + "\": its text must occur once in " + file);
        }
        Path mutated = Files.createDirectories(
                        directory.resolve("source").resolve(file).getParent())
                .resolve(source.getFileName());
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

    private Path source() {
        Path here = Path.of("src/main/java", file);
        return Files.exists(here)
                ? here
                : MODULES.stream()
                        .map(module -> Path.of("..", module, "src/main/java", file))
                        .filter(Files::exists)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no module has " + file));
    }

    /**
     * Runs seeds with this bug until a predicate does not hold; returns what was violated, or an empty text.
     *
     * @param directory an empty one, for the classes
     * @param probe a class with a public static method {@code String firstViolation(long firstSeed, int seeds)}
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
