package io.loggos.benchmarks.commands.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SoakCommandTest {
    @Test
    void defaults() {
        assertEquals(new SoakSettings(600, 1024, 256, Duration.ofSeconds(1), 256 << 20), parse(""));
        assertEquals(60, parse("--short").seconds());
        assertEquals(180, parse("--minutes 3").seconds());
        assertEquals(1 << 20, parse("--checkpoint-mebibytes 1").replica().checkpointBytes());
    }

    @Test
    void settingsArePassedOn() {
        SoakSettings settings = parse("--minutes 2 --in-flight 7 --payload 16 --election-timeout 300");
        assertEquals(settings, SoakSettings.parse(settings.toArguments()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--minutes -1",
                "--in-flight 0",
                "--payload 0",
                "--election-timeout 1",
                "--checkpoint-mebibytes 0"
            })
    void mistakesAreNamed(String line) {
        assertThrows(CommandLine.ParameterException.class, () -> parse(line));
    }

    private static SoakSettings parse(String line) {
        SoakCommand command = new SoakCommand();
        new CommandLine(command).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return command.settings();
    }
}
