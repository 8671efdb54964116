package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class LeaseExampleTest {
    @TempDir
    Path directory;

    @Test
    void theLockPassesOnWhenItsHolderDies() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        LeaseExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertEquals("""
                the first worker has the lock
                the second worker waits
                the second worker has the lock
                the first worker is gone
                it prints while it has the lock: true
                """, out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }
}
