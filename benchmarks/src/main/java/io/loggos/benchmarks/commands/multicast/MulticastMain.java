package io.loggos.benchmarks.commands.multicast;

import io.loggos.benchmarks.commands.floors.grpc.WireWorkload;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import io.loggos.benchmarks.systems.catalog.Catalog;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Program of a JVM that measures one setting, says its report in one line, and ends. */
public final class MulticastMain {
    /** Messages that a stream may send before the first is acknowledged. */
    private static final int STREAMED = 1024;

    private MulticastMain() {}

    /** Takes the directory, the seconds of warm-up and of measurement, and {@link MulticastSetting#toArguments}. */
    public static void main(String[] arguments) {
        Forker.run(forker -> {
            List<String> all = Arrays.asList(arguments);
            MulticastReport report = measure(
                    MulticastSetting.parse(all.subList(3, all.size())),
                    Path.of(all.get(0)),
                    Duration.ofSeconds(Long.parseLong(all.get(1))),
                    Duration.ofSeconds(Long.parseLong(all.get(2))));
            forker.say(report.toText());
        });
    }

    /** Measures a setting in this JVM. */
    static MulticastReport measure(MulticastSetting setting, Path directory, Duration warmUp, Duration measured)
            throws Exception {
        Measurement measurement = new Measurement();
        try (Workload workload = open(setting, directory, measurement)) {
            workload.begin();
            workload.stepFor(warmUp);
            measurement.start();
            workload.stepFor(measured);
            measurement.stop();
            workload.end();
            Boolean agree = workload.verify();
            Throwable failure = measurement.firstError();
            if (failure != null) {
                failure.printStackTrace();
            }
            return new MulticastReport(
                    setting,
                    measurement.figures(1),
                    measurement.errors(),
                    agree,
                    Machine.describe(directory),
                    Machine.describeJvm());
        }
    }

    private static Workload open(MulticastSetting setting, Path directory, Measurement measurement) throws Exception {
        boolean latency = setting.measure() == MulticastSetting.Measure.LATENCY;
        if (setting.isFloor()) {
            return floor(latency, setting.payloadBytes(), measurement);
        }
        MulticastSystem system = Catalog.MULTICAST.byName(setting.system());
        return latency
                ? new LatencyWorkload(system, setting, directory, measurement)
                : new ThroughputWorkload(system, setting, directory, measurement);
    }

    private static Workload floor(boolean latency, int payloadBytes, Measurement measurement) throws IOException {
        return latency
                ? WireWorkload.roundTrips(1, payloadBytes, measurement)
                : WireWorkload.stream(STREAMED, payloadBytes, measurement);
    }
}
