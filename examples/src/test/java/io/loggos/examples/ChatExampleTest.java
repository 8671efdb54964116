package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class ChatExampleTest {
    private static final List<String> ABOUT_CAKE = List.of(
            "alice: Who brings the cake?",
            "bob: I bring the cake.",
            "carol: Then I bring the plates.",
            "alice: And I bring the forks.");
    private static final List<String> ABOUT_TEA =
            List.of("carol: And who brings the tea?", "alice: I bring the tea.", "bob: Then I bring the cups.");

    @TempDir
    Path directory;

    @Test
    void nobodyHearsAnAnswerBeforeItsQuestion() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        List<List<String>> heard = ChatExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertEquals(3, heard.size());
        for (List<String> lines : heard) {
            assertEquals(ABOUT_CAKE.size() + ABOUT_TEA.size(), lines.size(), () -> "heard " + lines);
            assertEquals(ABOUT_CAKE, lines.stream().filter(ABOUT_CAKE::contains).toList());
            assertEquals(ABOUT_TEA, lines.stream().filter(ABOUT_TEA::contains).toList());
        }
        List<String> printed = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(3 * 8, printed.size());
        assertTrue(printed.containsAll(
                List.of("what alice heard:", "what bob heard:", "what carol heard:", "    " + ABOUT_TEA.get(2))));
    }
}
