package io.loggos.benchmarks.commands.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class FailoverCommandTest {
    @Test
    void defaults() {
        assertEquals(new FailoverTrial.Settings(10, Duration.ofSeconds(1), 64, 256, false), parse(""));
        assertEquals(3, parse("--short").rounds());
        assertEquals(5, parse("--short --rounds 5").rounds());
        assertEquals(Duration.ofMillis(300), parse("--election-timeout 300").electionTimeout());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--rounds -1", "--rounds x", "--election-timeout 10", "--in-flight 1", "--payload 8", "--far"})
    void mistakesAreNamed(String line) {
        assertThrows(CommandLine.ParameterException.class, () -> parse(line));
    }

    private static FailoverTrial.Settings parse(String line) {
        FailoverCommand command = new FailoverCommand();
        new CommandLine(command).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return command.settings();
    }
}
