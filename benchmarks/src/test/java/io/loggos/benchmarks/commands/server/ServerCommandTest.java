package io.loggos.benchmarks.commands.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class ServerCommandTest {
    @Test
    void operationsAreMeasuredByTheirLoads() {
        assertEquals(List.of("put", "read"), parse(""));
        assertEquals(
                List.of("txn", "watch by 1", "watch by 100", "watch by 1000", "grant", "keep-alive"),
                parse("--operation txn,watch,lease"));
        assertEquals(List.of("watch by 7"), parse("--operation watch --watchers 7"));
    }

    @Test
    void anUnknownOperationIsNamed() {
        assertThrows(CommandLine.ParameterException.class, () -> parse("--operation lock"));
    }

    private static List<String> parse(String line) {
        ServerCommand command = new ServerCommand();
        new CommandLine(command).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return command.loads();
    }
}
