package io.loggos.benchmarks.commands.restart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class RestartCommandTest {
    @Test
    void defaults() {
        assertEquals(new RestartTrial.Settings(1_000_000, 1024, 256), parse(""));
        assertEquals(200_000, parse("--short").commands());
        assertEquals(new RestartTrial.Settings(5000, 64, 16), parse("--commands 5000 --in-flight 64 --payload 16"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--commands -1", "--in-flight 0", "--payload 8", "--far"})
    void mistakesAreNamed(String line) {
        assertThrows(CommandLine.ParameterException.class, () -> parse(line));
    }

    private static RestartTrial.Settings parse(String line) {
        RestartCommand command = new RestartCommand();
        new CommandLine(command).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return command.settings();
    }
}
