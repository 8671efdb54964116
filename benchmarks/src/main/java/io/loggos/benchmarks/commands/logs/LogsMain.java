package io.loggos.benchmarks.commands.logs;

import com.sun.management.OperatingSystemMXBean;
import io.loggos.api.Bytes;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.benchmarks.harness.machine.Heap;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.harness.workload.Work;
import io.loggos.benchmarks.systems.loggos.EventMeters;
import io.loggos.benchmarks.systems.loggos.LocalCluster;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Program of the JVM with many logs: three nodes that either do nothing or share one load among all logs. */
public final class LogsMain {
    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
    private static final int SETTLE_SECONDS = 10;
    private static final int MOST_SETTLES = 6;
    /** Compilation time in a pause below which the compiler counts as done: half a percent of a core. */
    private static final long SETTLED_COMPILER_MILLIS = 5L * SETTLE_SECONDS;

    private static final int WARM_UP_SECONDS = 10;
    private static final int MOST_WARM_UPS = 6;
    /** Compilation time in a warm-up below which a load counts as warm: a twentieth of a core. */
    private static final long WARM_COMPILER_MILLIS = 50L * WARM_UP_SECONDS;

    /**
     * Figures of an idle cluster.
     *
     * @param seconds time that it was really watched: a paused machine makes any share look small
     * @param cpuPercent processor time in percent of one core, all threads of the process together
     * @param heapBytes heap in use after a full collection
     * @param agree true if every log still took a command afterwards and the replicas held the same: dead nodes are
     *     idle too
     */
    record Idle(
            double openSeconds,
            double seconds,
            double cpuPercent,
            int threads,
            long heapBytes,
            long candidacies,
            boolean agree,
            String error) {
        String toLine() {
            return openSeconds + " " + seconds + " " + cpuPercent + " " + threads + " " + heapBytes + " " + candidacies
                    + " " + agree + " " + error;
        }

        static Idle parse(String line) {
            String[] parts = line.split(" ", 8);
            return new Idle(
                    Double.parseDouble(parts[0]),
                    Double.parseDouble(parts[1]),
                    Double.parseDouble(parts[2]),
                    Integer.parseInt(parts[3]),
                    Long.parseLong(parts[4]),
                    Long.parseLong(parts[5]),
                    Boolean.parseBoolean(parts[6]),
                    parts[7]);
        }
    }

    /** Figures of a cluster under load. */
    record Loaded(double perSecond, double cpuMicrosPerCommand, long candidacies, boolean agree, String error) {
        String toLine() {
            return perSecond + " " + cpuMicrosPerCommand + " " + candidacies + " " + agree + " " + error;
        }

        static Loaded parse(String line) {
            String[] parts = line.split(" ", 5);
            return new Loaded(
                    Double.parseDouble(parts[0]),
                    Double.parseDouble(parts[1]),
                    Long.parseLong(parts[2]),
                    Boolean.parseBoolean(parts[3]),
                    parts[4]);
        }
    }

    private final int seconds;
    private final LocalCluster cluster;
    private final List<LocalCluster.Log> logs = new ArrayList<>();
    private final EventMeters events;
    private final Measurement measurement = new Measurement();

    private LogsMain(LocalCluster cluster, EventMeters events, int seconds) {
        this.cluster = cluster;
        this.events = events;
        this.seconds = seconds;
    }

    /**
     * Takes the directory, the number of logs, seconds, commands in flight, bytes of a command, and true for idle logs.
     */
    public static void main(String[] arguments) {
        Forker.run(forker -> {
            forker.say(Machine.describeJvm());
            int inFlight = Integer.parseInt(arguments[3]);
            EventMeters events = new EventMeters();
            try (LocalCluster cluster = new LocalCluster(Path.of(arguments[0]), builder -> builder.meters(events))) {
                LogsMain process = new LogsMain(cluster, events, Integer.parseInt(arguments[2]));
                long begunNanos = System.nanoTime();
                process.open(Integer.parseInt(arguments[1]));
                double openSeconds = (System.nanoTime() - begunNanos) / 1e9;
                ClosedLoop loop = process.warmedUp(inFlight, Integer.parseInt(arguments[4]));
                forker.say(
                        Boolean.parseBoolean(arguments[5])
                                ? process.idle(loop, openSeconds).toLine()
                                : process.load(loop).toLine());
            }
        });
    }

    private void open(int number) {
        for (int i = 0; i < number; i++) {
            logs.add(cluster.open("log-" + i, ReplicaOptions.defaults()));
        }
        cluster.awaitLeaders();
    }

    /** Returns a load that has run until the compiler had little left to do. Every log then holds some commands. */
    private ClosedLoop warmedUp(int inFlight, int payloadBytes) {
        ClosedLoop loop = new ClosedLoop(inFlight, new SpreadWork(logs, new Commands(payloadBytes)), measurement);
        loop.begin();
        long millis = Long.MAX_VALUE;
        for (int i = 0; i < MOST_WARM_UPS && millis > WARM_COMPILER_MILLIS; i++) {
            long before = COMPILER.getTotalCompilationTime();
            loop.stepFor(Duration.ofSeconds(WARM_UP_SECONDS));
            millis = COMPILER.getTotalCompilationTime() - before;
        }
        return loop;
    }

    private Idle idle(ClosedLoop loop, double openSeconds) {
        loop.end();
        settle();
        long heapBytes = Heap.usedAfterCollection();
        long candidacies = events.candidacies();
        long cpuNanos = PROCESS.getProcessCpuTime();
        long begunNanos = System.nanoTime();
        Await.pause(Duration.ofSeconds(seconds));
        double cpu = PROCESS.getProcessCpuTime() - cpuNanos;
        double nanos = System.nanoTime() - begunNanos;
        int threads = ManagementFactory.getThreadMXBean().getThreadCount();
        long stood = events.candidacies() - candidacies;
        cluster.awaitLeaders();
        return new Idle(
                openSeconds, nanos / 1e9, 100 * cpu / nanos, threads, heapBytes, stood, cluster.agree(), firstError());
    }

    /** Waits until the compiler has finished what the load has begun, which is no cost of an idle log. */
    private static void settle() {
        long millis = Long.MAX_VALUE;
        for (int i = 0; i < MOST_SETTLES && millis > SETTLED_COMPILER_MILLIS; i++) {
            long before = COMPILER.getTotalCompilationTime();
            Await.pause(Duration.ofSeconds(SETTLE_SECONDS));
            millis = COMPILER.getTotalCompilationTime() - before;
        }
    }

    private String firstError() {
        Throwable error = measurement.firstError();
        return error == null ? "" : error.toString();
    }

    private Loaded load(ClosedLoop loop) {
        long candidacies = events.candidacies();
        long before = loop.succeeded();
        long cpuNanos = PROCESS.getProcessCpuTime();
        long begunNanos = System.nanoTime();
        loop.stepFor(Duration.ofSeconds(seconds));
        double nanos = System.nanoTime() - begunNanos;
        double cpu = PROCESS.getProcessCpuTime() - cpuNanos;
        long commits = loop.succeeded() - before;
        loop.end();
        return new Loaded(
                commits * 1e9 / nanos,
                cpu / 1e3 / commits,
                events.candidacies() - candidacies,
                cluster.agree(),
                firstError());
    }

    /** Proposes a command to one log after the other. */
    private static final class SpreadWork implements Work {
        private final List<LocalCluster.Log> logs;
        private final Commands commands;
        private int next;

        SpreadWork(List<LocalCluster.Log> logs, Commands commands) {
            this.logs = logs;
            this.commands = commands;
        }

        @Override
        public void start(Operation operation) {
            LocalCluster.Log log = logs.get(next);
            next = next + 1 == logs.size() ? 0 : next + 1;
            operation.endsWith(log.leader().propose(Bytes.wrap(commands.next())));
        }
    }
}
