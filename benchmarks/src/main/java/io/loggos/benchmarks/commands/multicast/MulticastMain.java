package io.loggos.benchmarks.commands.multicast;

import io.loggos.benchmarks.commands.floors.grpc.WireWorkload;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Workload;
import io.loggos.benchmarks.systems.catalog.MulticastSystems;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM that measures one setting, says what it found in one line, and ends. */
public final class MulticastMain {
    /** As many as a stream may send before the first is acknowledged. */
    private static final int STREAMED = 1024;

    private MulticastMain() {}

    /** The directory, the seconds to warm up and to measure, and what {@link MulticastSetting#toArguments} gives. */
    public static void main(String[] arguments) {
        Forker forker = Forker.take();
        try {
            List<String> all = Arrays.asList(arguments);
            MulticastSetting setting = MulticastSetting.parse(all.subList(3, all.size()));
            MulticastReport report = measure(
                    setting,
                    Path.of(all.get(0)),
                    TimeUnit.SECONDS.toNanos(Long.parseLong(all.get(1))),
                    TimeUnit.SECONDS.toNanos(Long.parseLong(all.get(2))));
            forker.say(report.toText());
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
        // Whatever thread may still be there.
        System.exit(0);
    }

    /** Measures a setting in this JVM. */
    static MulticastReport measure(MulticastSetting setting, Path directory, long warmUpNanos, long nanos)
            throws Exception {
        Measurement measurement = new Measurement();
        try (Workload workload = open(setting, directory, measurement)) {
            workload.begin();
            work(workload, warmUpNanos);
            measurement.start();
            work(workload, nanos);
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
        MulticastSystem system = MulticastSystems.byName(setting.system());
        return latency
                ? new LatencyWorkload(system, setting, directory, measurement)
                : new ThroughputWorkload(system, setting, directory, measurement);
    }

    private static Workload floor(boolean latency, int payloadBytes, Measurement measurement) throws IOException {
        return latency
                ? WireWorkload.roundTrips(1, payloadBytes, measurement)
                : WireWorkload.stream(STREAMED, payloadBytes, measurement);
    }

    private static void work(Workload workload, long nanos) {
        long deadline = System.nanoTime() + nanos;
        while (System.nanoTime() - deadline < 0) {
            workload.step();
        }
    }
}
