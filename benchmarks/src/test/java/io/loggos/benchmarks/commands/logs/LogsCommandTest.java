package io.loggos.benchmarks.commands.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class LogsCommandTest {
    @Test
    void defaults() {
        assertEquals(new LogsTrial.Settings(1000, 100, 30, 30, 1024, 256), parse(""));
        assertEquals(new LogsTrial.Settings(1000, 100, 10, 10, 1024, 256), parse("--short"));
        assertEquals(10, parse("--spread 10").spread());
    }

    @Test
    void findingsArePassedOn() {
        LogsMain.Idle idle = new LogsMain.Idle(1.5, 30.1, 2.25, 32, 1 << 20, 0, true, "a failure, in words");
        assertEquals(idle, LogsMain.Idle.parse(idle.toLine()));
        LogsMain.Loaded loaded = new LogsMain.Loaded(1e5, 7.5, 1, true, "a failure, in words");
        assertEquals(loaded, LogsMain.Loaded.parse(loaded.toLine()));
        LogsMain.Loaded sound = new LogsMain.Loaded(1e5, 7.5, 0, true, "");
        assertEquals(sound, LogsMain.Loaded.parse(sound.toLine()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--logs 0", "--spread -1", "--in-flight 0", "--payload 0", "--far"})
    void mistakesAreNamed(String line) {
        assertThrows(CommandLine.ParameterException.class, () -> parse(line));
    }

    private static LogsTrial.Settings parse(String line) {
        LogsCommand command = new LogsCommand();
        new CommandLine(command).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return command.settings();
    }
}
