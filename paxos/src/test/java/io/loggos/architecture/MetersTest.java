package io.loggos.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every meter that the library makes has a description, and METERS.md lists it in the same words. */
class MetersTest {
    private static final Path PAXOS = SourceTree.module("paxos");
    private static final Path DESCRIPTIONS = PAXOS.resolve("src/main/java/io/loggos/paxos/MeterDescriptions.java");

    private static final Pattern MADE =
            Pattern.compile("\\.(?:counter|timer|summary|gauge)\\(\\s*\"(loggos\\.[a-z.]+)\"");
    private static final Pattern DESCRIBED =
            Pattern.compile("Map\\.entry\\(\\s*\"(loggos\\.[a-z.]+)\",\\s*\"(.*)\"\\)");
    private static final Pattern LISTED = Pattern.compile("(?m)^\\| `(loggos\\.[a-z.]+)` \\| .* \\| ([^|]+) \\|$");

    @Test
    void everyMeterIsDescribed() {
        TreeSet<String> made = new TreeSet<>();
        for (String module : SourceTree.LIBRARY) {
            Path main = SourceTree.module(module).resolve("src/main/java");
            for (Path file : SourceTree.javaFiles("src/main/java")) {
                if (file.startsWith(main)) {
                    MADE.matcher(SourceTree.read(file)).results().forEach(meter -> made.add(meter.group(1)));
                }
            }
        }
        assertEquals(
                List.copyOf(made), List.copyOf(found(DESCRIBED, DESCRIPTIONS).keySet()));
    }

    @Test
    void metersFileHasTheSameDescriptions() {
        assertEquals(found(DESCRIBED, DESCRIPTIONS), found(LISTED, PAXOS.resolve("METERS.md")));
    }

    private static Map<String, String> found(Pattern pattern, Path file) {
        TreeMap<String, String> found = new TreeMap<>();
        pattern.matcher(SourceTree.read(file)).results().forEach(row -> found.put(row.group(1), row.group(2)));
        return found;
    }
}
