package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class WatchExampleTest {
    @TempDir
    Path directory;

    @Test
    void theCopyFollowsAtTwoNodes() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        WatchExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertEquals("""
                the copy is {settings/color=red, settings/size=12}
                after the end of its node it is {settings/color=blue}
                """, out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }
}
