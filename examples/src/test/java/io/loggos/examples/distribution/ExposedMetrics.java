package io.loggos.examples.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The measurements at {@code /metrics} of a server, compared with the tables of the documents. */
public final class ExposedMetrics {
    private static final Pattern HELP = Pattern.compile("(?m)^# HELP (\\S+) ?(.*)$");
    private static final Pattern WATCHED = Pattern.compile("(?m)^\\| `([a-z]+_[a-z_]+)` \\|");
    private static final Pattern METER = Pattern.compile("(?m)^\\| `(loggos\\.[a-z.]+)` \\|");

    private ExposedMetrics() {}

    /** Checks that what OPERATIONS.md tells to watch is there, and that what is there is described. */
    public static void check(String exposed) throws IOException {
        TreeMap<String, String> help = new TreeMap<>();
        HELP.matcher(exposed).results().forEach(line -> help.put(line.group(1), line.group(2)));

        List<String> unknown = names(WATCHED, Path.of("OPERATIONS.md")).stream()
                .filter(name -> !help.containsKey(name))
                .toList();
        assertEquals(List.of(), unknown, () -> "in OPERATIONS.md and not exposed, but " + help.keySet());

        TreeSet<String> meters = names(METER, Path.of("../paxos/METERS.md")).stream()
                .map(name -> name.replace('.', '_'))
                .collect(Collectors.toCollection(TreeSet::new));
        meters.add("loggos_build_info");
        List<String> undescribed = help.keySet().stream()
                .filter(name -> name.startsWith("loggos_"))
                .filter(name -> help.get(name).isBlank() || meters.stream().noneMatch(name::startsWith))
                .toList();
        assertEquals(List.of(), undescribed, "exposed, and without a description or a row in METERS.md");
    }

    private static Set<String> names(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map((MatchResult row) -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
