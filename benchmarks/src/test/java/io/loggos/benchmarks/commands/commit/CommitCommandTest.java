package io.loggos.benchmarks.commands.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.loggos.benchmarks.harness.jmh.JmhRuns;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class CommitCommandTest {
    @Test
    void whatBelongsToOneSettingRunsTogether() {
        List<String> runs = runs("--in-flight", "64,8,64", "--payload", "16").stream()
                .map(run -> run.subject().name() + " " + run.setting())
                .toList();
        assertEquals(
                List.of(
                        "rocksdb-one-store 64 in flight, 16 B",
                        "rocksdb-three-stores 64 in flight, 16 B",
                        "grpc-round-trip 64 in flight, 16 B",
                        "grpc-streaming 64 in flight, 16 B",
                        "loggos 64 in flight, 16 B",
                        "rocksdb-one-store 8 in flight, 16 B"),
                runs.subList(0, 6));
        assertEquals(10, runs.size());
    }

    @Test
    void anOpenLoopHasRatesInsteadOfCommandsInFlight() {
        List<JmhRuns.Run> runs = runs("--rate", "1000,2000", "--pending", "65536");
        assertEquals(2, runs.size());
        assertEquals(OfferedLoadBenchmark.class, runs.get(0).benchmark());
        assertEquals(
                Map.of("system", "loggos", "ratePerSecond", "2000", "payloadBytes", "256", "pendingBytes", "65536"),
                runs.get(1).parameters());
    }

    @Test
    void allSystemsCanBeNamedAtOnce() {
        assertFalse(runs("--systems", "all", "--in-flight", "1").isEmpty());
    }

    private static List<JmhRuns.Run> runs(String... arguments) {
        CommitCommand command = new CommitCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.runs();
    }
}
