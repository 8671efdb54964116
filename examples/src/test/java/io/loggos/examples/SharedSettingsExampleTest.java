package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class SharedSettingsExampleTest {
    @TempDir
    Path directory;

    @Test
    void allCopiesAreTheSame() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        List<String> copies = SharedSettingsExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        String copy = "{cache=128 MiB, log level=debug}";
        assertEquals(List.of(copy, copy, copy), copies);
        assertEquals(
                List.of("the log level was info", "node n3 is back, and has " + copy),
                out.toString(StandardCharsets.UTF_8).lines().toList());
    }
}
