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
class WorkStealingExampleTest {
    @TempDir
    Path directory;

    @Test
    void allIsDoneWhenTheEndIsFound() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        List<Long> numbers = WorkStealingExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertEquals(3, numbers.size());
        assertEquals(2_000_000, numbers.stream().mapToLong(each -> each).sum(), numbers::toString);
        assertTrue(numbers.stream().allMatch(each -> each > 0), () -> "nothing was stolen: " + numbers);
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("all is done, says snapshot 1-"), text);
        assertTrue(text.contains("primes below 2000000: 148933"), text);
    }
}
