package io.loggos.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BenchTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CommandLine bench =
            Bench.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "walk",
                "commit --far",
                "commit --payload",
                "commit --payload 0",
                "commit --payload 2000000",
                "commit --payload 100000 --in-flight 1,1024",
                "commit --in-flight 1,,2",
                "commit --in-flight 1,x",
                "commit --in-flight 100000",
                "commit --systems nobody",
                "commit --systems loggos,all",
                "commit --rate 0",
                "commit --pending 100000",
                "commit --rate 100 --pending 100",
                "commit --json /no/such/directory/file.json",
                "commit --data /proc/self/no",
                "floors --systems loggos",
                "reads --rate 5"
            })
    void mistakesAreNamed(String line) {
        assertEquals(2, bench.execute(line.split(" ")));
        assertTrue(err.toString().startsWith("bench: "), err::toString);
        assertTrue(err.toString().lines().count() <= 3, err::toString);
    }

    @Test
    void withoutACommandItIsMisused() {
        assertEquals(2, bench.execute());
        assertTrue(err.toString().contains("a command is missing"), err::toString);
    }

    @Test
    void everyCommandExplainsItself() {
        for (String name : bench.getSubcommands().keySet()) {
            assertEquals(0, bench.execute(name, "--help"), err::toString);
            assertTrue(out.toString().contains("Usage: bench " + name), out::toString);
            assertTrue(out.toString().contains("--data"), out::toString);
        }
    }

    /** The script knows the commands itself, so that it can tell of them without building anything. */
    @Test
    void theScriptTellsOfEveryCommand() throws Exception {
        List<String> script = Files.readAllLines(Path.of("bin/bench"));
        for (String name : bench.getSubcommands().keySet()) {
            assertTrue(script.stream().anyMatch(line -> line.matches("  " + name + " {2,}[^ ].*")), name);
        }
    }
}
