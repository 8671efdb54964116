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
class EmbeddedKeyValueExampleTest {
    @TempDir
    Path directory;

    @Test
    void theFirstTransferSucceedsAndTheSecondDoesNot() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        List<Boolean> transfers =
                EmbeddedKeyValueExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertEquals(List.of(true, false), transfers);
        assertEquals("""
                alice has 100 as of revision 2
                the first transfer was done, the second was refused
                account/alice = 70
                account/bob = 35
                at revision 2 there was 1 account
                """, out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
    }
}
