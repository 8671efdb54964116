package io.loggos.benchmarks.commands.snapshot;

import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.report.Report;
import io.loggos.benchmarks.harness.report.Subject;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Measurement;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * Program of the JVM that measures: three nodes with a large state. Stretches of load with and without snapshots
 * alternate, so that a machine that grows slower affects both. It says its progress and at last {@value #OVER}; its
 * reports are then in its directory.
 */
public final class SnapshotMain {
    /** Prefix of the name of the next step. */
    static final String NEXT = "next ";
    /** Prefix of the result of a step. A line without a prefix is the progress within a step. */
    static final String DONE = "done ";

    static final String OVER = "over";

    private static final int FILL_BYTES = 64 << 10;
    private static final int FILL_IN_FLIGHT = 256;
    /** Number of other steps: filling, warming up without and with snapshots, and comparing the replicas. */
    private static final int OTHER_STEPS = 4;

    private final Forker forker;
    private final Path directory;
    private final SnapshotSettings settings;

    private SnapshotMain(Forker forker, Path directory, SnapshotSettings settings) {
        this.forker = forker;
        this.directory = directory;
        this.settings = settings;
    }

    /** Takes a directory, and {@link SnapshotSettings#toArguments}. */
    public static void main(String[] arguments) {
        Forker.run(forker -> {
            List<String> all = Arrays.asList(arguments);
            SnapshotSettings settings = SnapshotSettings.parse(all.subList(1, all.size()));
            new SnapshotMain(forker, Path.of(all.get(0)), settings).run();
        });
    }

    /** Returns the number of steps. */
    static int steps(SnapshotSettings settings) {
        return OTHER_STEPS + 2 * settings.pairs();
    }

    /** Reads the report with snapshots, or without. */
    static SnapshotReport report(Path directory, boolean snapshots) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file(directory, snapshots))) {
            properties.load(reader);
        }
        return SnapshotReport.of(properties);
    }

    private void run() throws IOException {
        try (KeyValueCluster cluster = new KeyValueCluster(directory);
                PeriodicSnapshots first = new PeriodicSnapshots(cluster.snapshots(), settings.every());
                PeriodicSnapshots counted = new PeriodicSnapshots(cluster.snapshots(), settings.every())) {
            long puts = fill(cluster);
            puts += warmUp("warming up", new PutStretches(cluster, settings, null));
            puts += warmUp("warming up with snapshots", new PutStretches(cluster, settings, first));
            PutStretches without = new PutStretches(cluster, settings, null);
            PutStretches with = new PutStretches(cluster, settings, counted);
            long stateBytes = cluster.stateBytes();
            for (int pair = 0; pair < settings.pairs(); pair++) {
                // Both sides come first in turn, so that a steady change affects both.
                boolean withFirst = pair % 2 == 1;
                measure(withFirst ? with : without, withFirst);
                measure(withFirst ? without : with, !withFirst);
            }
            puts += without.succeeded() + with.succeeded();
            boolean exactly =
                    without.measurement().errors() + with.measurement().errors() == 0;
            boolean agree = agree(cluster, puts, exactly);
            write(without, false, stateBytes, agree);
            write(with, true, stateBytes, agree);
        }
        forker.say(OVER);
    }

    private long fill(KeyValueCluster cluster) {
        forker.say(NEXT + "filling the store");
        long values = (settings.stateBytes() + FILL_BYTES - 1) / FILL_BYTES;
        Measurement measurement = new Measurement();
        PutWork work = new PutWork(cluster, "fill", Math.toIntExact(Math.max(1, values)), FILL_BYTES);
        ClosedLoop loop = new ClosedLoop(FILL_IN_FLIGHT, work, measurement);
        loop.begin();
        long told = 0;
        while (loop.succeeded() < values && measurement.errors() == 0) {
            loop.step();
            long percent = 100 * loop.succeeded() / values;
            if (percent > told) {
                told = percent;
                forker.say(percent + " %");
            }
        }
        loop.end();
        requireNoErrors(measurement);
        forker.say(DONE + (cluster.stateBytes() >> 20) + " MiB");
        return loop.succeeded();
    }

    private long warmUp(String step, PutStretches stretches) {
        say(step, () -> stretches.run(settings.warmUpSeconds()));
        requireNoErrors(stretches.measurement());
        return stretches.succeeded();
    }

    private void measure(PutStretches stretches, boolean snapshots) {
        say(subject(snapshots).label(), () -> stretches.run(settings.stretchSeconds()));
    }

    private boolean agree(KeyValueCluster cluster, long puts, boolean exactly) {
        forker.say(NEXT + "comparing the replicas");
        boolean agree = cluster.agree(puts, exactly);
        forker.say(DONE + (agree ? "they agree" : "THEY DIFFER"));
        return agree;
    }

    private void say(String step, Supplier<String> done) {
        forker.say(NEXT + step);
        forker.say(DONE + done.get());
    }

    private static void requireNoErrors(Measurement measurement) {
        if (measurement.errors() > 0) {
            throw new IllegalStateException("a put failed before anything was measured", measurement.firstError());
        }
    }

    private void write(PutStretches stretches, boolean snapshots, long stateBytes, boolean agree) throws IOException {
        Measurement measurement = stretches.measurement();
        Throwable failure = measurement.firstError();
        if (failure != null) {
            failure.printStackTrace();
        }
        Report load = new Report(
                subject(snapshots),
                settings.inFlight(),
                settings.payloadBytes(),
                measurement.figures(1),
                measurement.errors(),
                agree,
                null,
                null,
                Machine.describe(directory),
                Machine.describeJvm());
        try (Writer writer = Files.newBufferedWriter(file(directory, snapshots))) {
            new SnapshotReport(load, snapshots, stateBytes, stretches.times())
                    .toProperties()
                    .store(writer, null);
        }
    }

    private static Subject subject(boolean snapshots) {
        return Subject.loggos(
                Subject.LOGGOS,
                snapshots ? "with snapshots" : "without snapshots",
                "synced in RocksDB on a majority of three stores");
    }

    private static Path file(Path directory, boolean snapshots) {
        return directory.resolve(snapshots ? "with.properties" : "without.properties");
    }
}
