package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.examples.BankExample.Sum;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class BankExampleTest {
    @TempDir
    Path directory;

    @Test
    void moneyIsAllThereOnlyWithWhatIsOnItsWay() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        List<Sum> sums = BankExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        assertTrue(sums.size() >= 10, sums::toString);
        for (Sum sum : sums) {
            assertEquals(3_000, sum.atBranches() + sum.onItsWay(), sums::toString);
        }
        assertTrue(sums.stream().anyMatch(sum -> sum.atBranches() != 3_000), sums::toString);
        List<String> printed = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(sums.size(), printed.size());
        assertTrue(printed.stream().allMatch(line -> line.endsWith("with what is on its way 3000")), printed::toString);
    }
}
