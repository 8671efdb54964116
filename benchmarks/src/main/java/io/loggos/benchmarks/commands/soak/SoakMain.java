package io.loggos.benchmarks.commands.soak;

import io.loggos.api.Bytes;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.trial.GapTracker;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.systems.loggos.EventMeters;
import io.loggos.benchmarks.systems.loggos.LocalCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Program of the JVM that is soaked: three nodes, a load at the leader, and a sample each second. It says its own
 * description, one line for each sample, then {@value #OVER} and the result.
 */
public final class SoakMain {
    /** Line after the last sample. Then follow two lines: true if the replicas agree, and the first error. */
    static final String OVER = "over";

    private static final int WARM_UP_SECONDS = 5;
    /** Time after which the load looks if the last sample is taken. */
    private static final Duration LOOK = Duration.ofMillis(20);

    private final Forker forker;
    private final Path directory;
    private final SoakSettings settings;
    private final EventMeters events = new EventMeters();
    private final HeapAfterCollection heap = new HeapAfterCollection();
    private final GapTracker gaps = new GapTracker(System.nanoTime());
    private final Measurement measurement = new Measurement();
    private long candidaciesBefore;
    private long sampledNanos;

    private SoakMain(Forker forker, Path directory, SoakSettings settings) {
        this.forker = forker;
        this.directory = directory;
        this.settings = settings;
    }

    /** Takes a directory, and {@link SoakSettings#toArguments}. */
    public static void main(String[] arguments) {
        Forker.run(forker -> {
            forker.say(Machine.describeJvm());
            List<String> settings = Arrays.asList(arguments).subList(1, arguments.length);
            new SoakMain(forker, Path.of(arguments[0]), SoakSettings.parse(settings)).run();
        });
    }

    private void run() throws InterruptedException {
        heap.watch();
        TimingOptions timing = TimingOptions.ofElectionTimeout(settings.electionTimeout());
        try (LocalCluster cluster =
                new LocalCluster(directory, builder -> builder.timing(timing).meters(events))) {
            LocalCluster.Log log = cluster.open("soak", settings.replica());
            cluster.awaitLeaders();
            soak(log);
            boolean agree = cluster.agree();
            Throwable error = measurement.firstError();
            forker.say(OVER);
            forker.say(Boolean.toString(agree));
            forker.say(error == null ? "" : error.toString());
        }
    }

    private void soak(LocalCluster.Log log) throws InterruptedException {
        Replica leader = log.leader();
        Commands commands = new Commands(settings.payloadBytes());
        ClosedLoop loop = new ClosedLoop(
                settings.inFlight(),
                operation -> operation.endsWith(leader.propose(Bytes.wrap(commands.next()))
                        .whenComplete((result, failure) -> {
                            if (failure == null) {
                                gaps.event(System.nanoTime());
                            }
                        })),
                measurement);
        loop.begin();
        loop.stepFor(Duration.ofSeconds(WARM_UP_SECONDS));
        candidaciesBefore = events.candidacies();
        sampledNanos = System.nanoTime();
        gaps.take(sampledNanos);
        Sampling sampling = Sampling.begin(
                settings.seconds(),
                Duration.ofSeconds(1),
                () -> forker.say(sample(log).toLine()));
        while (!sampling.isOver()) {
            loop.stepFor(LOOK);
        }
        loop.end();
        sampling.check();
    }

    private Sample sample(LocalCluster.Log log) {
        long now = System.nanoTime();
        GapTracker.Seen seen = gaps.take(now);
        List<ReplicaStatus> statuses =
                log.replicas().stream().map(Replica::status).toList();
        long chosen = statuses.stream()
                .mapToLong(status -> status.knownChosenSlot().value())
                .max()
                .orElse(0);
        long least = statuses.stream()
                .mapToLong(status -> status.appliedSlot().value())
                .min()
                .orElse(0);
        ReplicaStatus leader = log.leader().status();
        Sample sample = new Sample(
                now - sampledNanos,
                seen.events(),
                seen.longestNanos(),
                heap.bytes(),
                diskBytes(),
                chosen - least,
                events.candidacies() - candidaciesBefore,
                leader.firstSlot().value(),
                leader.checkpointSlot().value());
        sampledNanos = now;
        return sample;
    }

    /** Returns the bytes on disk. Files that disappear meanwhile count nothing. */
    private long diskBytes() {
        AtomicLong bytes = new AtomicLong();
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    bytes.addAndGet(attributes.size());
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path each, @Nullable IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.get();
    }
}
