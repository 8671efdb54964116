package io.loggos.benchmarks.logs;

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
        LogsProcess.Idle idle = new LogsProcess.Idle(1.5, 30.1, 2.25, 32, 1 << 20, 0, true, "a failure, in words");
        assertEquals(idle, LogsProcess.Idle.parse(idle.toLine()));
        LogsProcess.Loaded loaded = new LogsProcess.Loaded(1e5, 7.5, 1, true, "a failure, in words");
        assertEquals(loaded, LogsProcess.Loaded.parse(loaded.toLine()));
        LogsProcess.Loaded sound = new LogsProcess.Loaded(1e5, 7.5, 0, true, "");
        assertEquals(sound, LogsProcess.Loaded.parse(sound.toLine()));
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
