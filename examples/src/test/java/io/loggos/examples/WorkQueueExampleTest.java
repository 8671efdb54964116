package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class WorkQueueExampleTest {
    private static final Pattern SPLIT = Pattern.compile("of (\\d+) open tasks for \\[(.*)], n\\d takes (\\d+)");

    @TempDir
    Path directory;

    @Test
    void workOfTheDeadIsTakenOver() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        List<Map<Integer, NodeId>> records =
                WorkQueueExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertEquals(2, records.size());
        assertEquals(records.get(0), records.get(1), "who did what");
        assertEquals(
                IntStream.range(0, 30).boxed().collect(Collectors.toCollection(TreeSet::new)),
                new TreeSet<>(records.get(0).keySet()));
        long ofTheDead =
                records.get(0).values().stream().filter(NodeId.of(3)::equals).count();
        assertTrue(ofTheDead <= 3, () -> "n3 did " + ofTheDead);
        String text = out.toString(StandardCharsets.UTF_8);
        assertSplit(text, 3);
        assertSplit(text, 2);
        assertTrue(text.contains("n3 dies after 3 tasks"), text);
    }

    /**
     * Checks that in the view of this many members all saw the same open tasks, and that each task is in exactly one
     * share.
     */
    private static void assertSplit(String text, int members) {
        TreeSet<String> open = new TreeSet<>();
        int shares = 0;
        int lines = 0;
        Matcher split = SPLIT.matcher(text);
        while (split.find()) {
            if (split.group(2).split(",").length == members) {
                open.add(split.group(1));
                shares += Integer.parseInt(split.group(3));
                lines++;
            }
        }
        assertEquals(members, lines, text);
        assertEquals(1, open.size(), text);
        assertEquals(Integer.parseInt(open.first()), shares, text);
    }
}
