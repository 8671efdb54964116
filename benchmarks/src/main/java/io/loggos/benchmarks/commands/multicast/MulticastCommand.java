package io.loggos.benchmarks.commands.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.commands.multicast.MulticastSetting.Measure;
import io.loggos.benchmarks.harness.cli.CommonOptions;
import io.loggos.benchmarks.harness.machine.DataDirectory;
import io.loggos.benchmarks.harness.plot.BarChart;
import io.loggos.benchmarks.harness.report.JsonObject;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.systems.catalog.Catalog;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import io.loggos.benchmarks.systems.multicast.NumberedMessage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Command {@code bench multicast}. */
@Command(
        name = "multicast",
        sortOptions = false,
        description = {
            "Groups: members in one JVM, connected over loopback, that multicast to each other as fast as they are let"
                    + " (throughput), or one multicast at a time (latency). Each system at each setting runs in a JVM of"
                    + " its own, beside the floors: what the same bytes cost over plain gRPC.",
            ""
        })
public final class MulticastCommand implements Callable<Integer> {
    private static final int MOST_MEMBERS = 16;
    private static final int MOST_PAYLOAD_BYTES = 32 << 10;

    @Option(
            names = "--systems",
            order = 1,
            split = ",",
            paramLabel = "NAME",
            defaultValue = Subject.LOGGOS,
            description = "What to measure: ${COMPLETION-CANDIDATES}; 'all' for all of them. Default: ${DEFAULT-VALUE}",
            completionCandidates = SystemNames.class)
    private List<String> systems = new ArrayList<>();

    @Option(
            names = "--orderings",
            order = 2,
            split = ",",
            paramLabel = "NAME",
            description = "In which orders, of those that a system has: ${COMPLETION-CANDIDATES}. Default: all")
    private List<Ordering> orderings = new ArrayList<>();

    @Option(
            names = "--measure",
            order = 3,
            split = ",",
            paramLabel = "NAME",
            description = "What to measure: ${COMPLETION-CANDIDATES}. Default: both")
    private List<Measure> measures = new ArrayList<>();

    @Option(
            names = "--members",
            order = 10,
            split = ",",
            paramLabel = "N",
            defaultValue = "4",
            description = "Members of a group. Default: ${DEFAULT-VALUE}")
    private List<Integer> members = new ArrayList<>();

    @Option(
            names = "--payload",
            order = 11,
            split = ",",
            paramLabel = "BYTES",
            defaultValue = "1024,64",
            description = "Size of a multicast. Default: ${DEFAULT-VALUE}")
    private List<Integer> payloadBytes = new ArrayList<>();

    @Mixin
    private CommonOptions common = new CommonOptions();

    /** Names of all systems, for the help. */
    private static final class SystemNames extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        SystemNames() {
            super(Catalog.MULTICAST.names());
        }
    }

    @Override
    public Integer call() throws Exception {
        List<MulticastSetting> settings = settings();
        try (DataDirectory data = common.openData()) {
            MulticastRuns runs = new MulticastRuns(data.path(), common.shortRun());
            runs.run(settings);
            publish(runs.reports());
            runs.failures().forEach(failure -> System.err.println("bench: FAILED: " + failure));
            boolean sound = runs.failures().isEmpty() && runs.reports().stream().allMatch(MulticastReport::sound);
            return sound ? 0 : 1;
        }
    }

    /**
     * Returns the settings that were asked for. All systems of one setting follow each other, so that a machine that
     * slows down affects all of them.
     */
    List<MulticastSetting> settings() {
        common.requireBetween("--members", members, 2, MOST_MEMBERS);
        common.requireBetween("--payload", payloadBytes, NumberedMessage.LEAST_BYTES, MOST_PAYLOAD_BYTES);
        List<MulticastSetting> settings = new ArrayList<>();
        for (int bytes : payloadBytes.stream().distinct().toList()) {
            for (Measure measure : measures.isEmpty() ? List.of(Measure.values()) : measures) {
                settings.add(MulticastSetting.floor(measure, bytes));
                for (int size : members.stream().distinct().toList()) {
                    orderings(measure).forEach(ordering -> settings.addAll(settings(measure, ordering, size, bytes)));
                }
            }
        }
        return settings;
    }

    /**
     * Returns the settings of all systems: with all members sending, and with one where a sequencer may be a
     * bottleneck.
     */
    private List<MulticastSetting> settings(Measure measure, Ordering ordering, int size, int bytes) {
        boolean alone = ordering == Ordering.TOTAL && measure == Measure.THROUGHPUT;
        List<MulticastSystem> able = chosen().stream()
                .filter(system -> system.orderings().contains(ordering) && system.takes(bytes))
                .filter(system -> measure == Measure.LATENCY || system.isForThroughput())
                .toList();
        List<MulticastSetting> settings = new ArrayList<>();
        for (int senders : alone ? List.of(size, 1) : List.of(size)) {
            able.forEach(system ->
                    settings.add(new MulticastSetting(system.name(), measure, ordering, size, senders, bytes)));
        }
        return settings;
    }

    /** Returns the orderings to measure. By default, latency is measured only where systems differ in their steps. */
    private List<Ordering> orderings(Measure measure) {
        if (!orderings.isEmpty()) {
            return orderings.stream().distinct().toList();
        }
        return measure == Measure.LATENCY ? List.of(Ordering.FIFO, Ordering.TOTAL) : List.of(Ordering.values());
    }

    private List<MulticastSystem> chosen() {
        try {
            return Catalog.MULTICAST.chosen(systems);
        } catch (IllegalArgumentException e) {
            throw common.misuse("--systems: " + e.getMessage());
        }
    }

    private void publish(List<MulticastReport> reports) throws IOException {
        if (reports.isEmpty()) {
            return;
        }
        common.publish(
                new MulticastTable(reports).lines(),
                JsonObject.array(reports.stream().map(MulticastReport::toJson).toList()),
                () -> chart(reports).toSvg());
    }

    /** Returns the chart of the throughputs; latencies are in the table only. */
    private static BarChart chart(List<MulticastReport> reports) {
        List<BarChart.Bar> bars = reports.stream()
                .filter(report -> report.sound() && report.setting().measure() == Measure.THROUGHPUT)
                .map(report -> new BarChart.Bar(
                        report.setting().text(),
                        report.setting().subject(),
                        report.figures().opsPerSecond()))
                .toList();
        return new BarChart("Multicasts that all members were delivered, each second", bars);
    }
}
