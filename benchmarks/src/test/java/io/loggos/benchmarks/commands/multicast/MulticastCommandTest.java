package io.loggos.benchmarks.commands.multicast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Figures;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MulticastCommandTest {
    private static final Figures FIGURES = new Figures(1000, 20, 30, 40, 8, 4000);

    @Test
    void eachSettingHasItsFloorAndAllWhoCanDoIt() {
        assertEquals(
                List.of(
                        "grpc-streaming throughput, 64 B",
                        "loggos throughput, fifo, 2 members, all send, 64 B",
                        "jgroups throughput, fifo, 2 members, all send, 64 B",
                        "jgroups-nakack4 throughput, fifo, 2 members, all send, 64 B",
                        "jgroups-large-queue throughput, fifo, 2 members, all send, 64 B",
                        "loggos throughput, total, 2 members, all send, 64 B",
                        "jgroups throughput, total, 2 members, all send, 64 B",
                        "jgroups-large-queue throughput, total, 2 members, all send, 64 B",
                        "loggos throughput, total, 2 members, 1 of 2 sends, 64 B",
                        "jgroups throughput, total, 2 members, 1 of 2 sends, 64 B",
                        "jgroups-large-queue throughput, total, 2 members, 1 of 2 sends, 64 B"),
                texts("--systems all --members 2 --payload 64 --orderings FIFO,TOTAL --measure THROUGHPUT"));
    }

    @Test
    void latencyIsMeasuredInTwoOrdersUnlessOthersAreAskedFor() {
        assertEquals(
                List.of(
                        "grpc-round-trip latency, 1024 B",
                        "loggos latency, fifo, 4 members, all send, 1024 B",
                        "loggos latency, total, 4 members, all send, 1024 B"),
                texts("--payload 1024 --measure LATENCY"));
        assertEquals(
                2,
                texts("--payload 1024 --measure LATENCY --orderings CAUSAL_TOTAL")
                        .size());
    }

    @Test
    void whatIsMadeForLatencyIsMeasuredForThatOnly() {
        assertEquals(
                List.of("grpc-streaming", "grpc-round-trip", "jgroups-low-latency", "jgroups-low-latency"),
                settings("--systems jgroups-low-latency --payload 64").stream()
                        .map(MulticastSetting::system)
                        .toList());
    }

    @Test
    void aLargeQueueIsForSmallMessages() {
        assertTrue(
                texts("--systems jgroups-large-queue --payload 1024").stream().allMatch(t -> t.startsWith("grpc")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--systems nobody",
                "--systems loggos,all",
                "--members 1",
                "--members 17",
                "--payload 11",
                "--payload 40000",
                "--orderings some",
                "--measure weight",
                "--rate 5"
            })
    void mistakesAreNamed(String line) {
        assertThrows(CommandLine.ParameterException.class, () -> settings(line));
    }

    @Test
    void settingsArePassedOn() {
        for (MulticastSetting setting : settings("--systems all")) {
            assertEquals(setting, MulticastSetting.parse(setting.toArguments()));
        }
    }

    @Test
    void reportsArePassedOn() {
        List<MulticastSetting> settings = settings("--measure LATENCY --payload 64");
        MulticastReport floor = new MulticastReport(settings.get(0), FIGURES, 0, null, "machine", "jvm");
        MulticastReport loggos = new MulticastReport(settings.get(1), FIGURES, 2, false, "machine", "jvm");
        assertEquals(floor, MulticastReport.parse(settings.get(0), floor.toText()));
        assertEquals(loggos, MulticastReport.parse(settings.get(1), loggos.toText()));
    }

    @Test
    void aRecordSaysWhatWasMeasured() {
        List<MulticastSetting> settings = settings("--payload 64");
        String loggos = new MulticastReport(settings.get(1), FIGURES, 0, true, "a machine", "a JVM").toJson();
        assertTrue(loggos.startsWith("{\"system\": \"loggos\", \"version\": \"loggos "), loggos);
        assertTrue(
                loggos.endsWith("\"measure\": \"throughput\", \"ordering\": \"FIFO\", \"members\": 4, \"senders\": 4,"
                        + " \"payloadBytes\": 64, \"opsPerSecond\": 1000.0, \"p50Micros\": null, \"p99Micros\": null,"
                        + " \"cpuMicrosPerDelivery\": 2.0, \"allocatedBytesPerDelivery\": 1000.0, \"errors\": 0,"
                        + " \"agree\": true, \"machine\": \"a machine\", \"jvm\": \"a JVM\"}"),
                loggos);
        String floor = new MulticastReport(settings.get(0), FIGURES, 0, null, "a machine", "a JVM").toJson();
        assertTrue(floor.contains("\"ordering\": null, \"members\": null, \"senders\": null"), floor);
        assertTrue(floor.contains("\"cpuMicrosPerDelivery\": 8.0"), floor);
    }

    @Test
    void membersThatDifferAreNotSound() {
        MulticastSetting setting = settings("--payload 64").get(1);
        MulticastReport report = new MulticastReport(setting, FIGURES, 0, false, "machine", "jvm");
        assertEquals("MEMBERS DIFFER", report.fault());
        assertTrue(report.summary().endsWith("; MEMBERS DIFFER"), report::summary);
    }

    @Test
    void loggosStandsAgainstItsPeersAndTheFloorOfTheSameSetting() {
        List<MulticastReport> reports =
                settings("--systems loggos,jgroups --orderings FIFO --measure LATENCY --payload 64,128").stream()
                        .map(setting -> new MulticastReport(setting, FIGURES, 0, true, "machine", "jvm"))
                        .toList();
        List<String> lines = new MulticastTable(reports).lines();
        assertEquals(4, lines.stream().filter(line -> line.contains("1.00 ×")).count(), lines::toString);
    }

    private static List<String> texts(String line) {
        return settings(line).stream()
                .map(setting -> setting.subject().name() + " " + setting.text())
                .toList();
    }

    private static List<MulticastSetting> settings(String line) {
        MulticastCommand command = new MulticastCommand();
        new CommandLine(command).parseArgs(line.split(" ", -1));
        return command.settings();
    }
}
