package io.loggos.benchmarks.commands.multicasttrials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MulticastTrialsCommandTest {
    @Test
    void defaults() {
        assertEquals(10, parse("").rounds());
        assertEquals(3, parse("--short").rounds());
        assertEquals(5, parse("--short --rounds 5").rounds());
        assertEquals(Duration.ofMinutes(10), parse("").soak());
        assertEquals(Duration.ofMinutes(1), parse("--short").soak());
        assertEquals(Duration.ofMinutes(3), parse("--short --minutes 3").soak());
        assertEquals(List.of("loggos"), parse("").systems());
        assertEquals(
                List.of("jgroups", "loggos"),
                parse("--systems jgroups,loggos,jgroups").systems());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--rounds -1", "--rounds x", "--systems nobody", "--faults HUNGER", "--minutes -1", "--far"})
    void mistakesAreNamed(String line) {
        assertThrows(CommandLine.ParameterException.class, () -> {
            MulticastTrialsCommand command = parse(line);
            command.systems();
            command.rounds();
            command.soak();
        });
    }

    @Test
    void whatMembersSayIsPassedOn() {
        ForkedMember.Seen seen = new ForkedMember.Seen(5, 3, true, -17);
        assertEquals(seen, ForkedMember.Seen.parse(seen.toText()));
        assertEquals(new ForkedMember.Loaded(5, ""), ForkedMember.Loaded.parse("5"));
        assertEquals(new ForkedMember.Loaded(5, "no room"), ForkedMember.Loaded.parse("5 no room"));
    }

    private static MulticastTrialsCommand parse(String line) {
        MulticastTrialsCommand command = new MulticastTrialsCommand();
        new CommandLine(command).parseArgs(line.isEmpty() ? new String[0] : line.split(" ", -1));
        return command;
    }
}
