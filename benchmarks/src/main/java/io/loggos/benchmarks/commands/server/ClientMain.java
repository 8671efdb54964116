package io.loggos.benchmarks.commands.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.process.Processes;
import io.loggos.benchmarks.harness.report.Figures;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Commands;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Work;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Program that loads the servers, the same for all systems, in a JVM of its own. It warms up with the most operations
 * in flight. Then it runs a closed loop of puts and one of reads at each setting, and compares the members at the end.
 * It says its results line by line.
 */
public final class ClientMain {
    static final String PUT = "put";
    static final String READ = "read";
    /** Line that says that all members hold the same, with every acknowledged put. */
    static final String AGREED = "agreed";

    /** Last line. */
    static final String OVER = "over";
    /** Prefix of the line that describes the JVM. */
    static final String JVM = "jvm: ";

    /** Number of connections to the leader, used in turn. */
    private static final int CONNECTIONS = 4;

    private static final int KEYS = 100_000;
    private static final long SEED = 1989;
    private static final int SETTLE_SECONDS = 1;

    private final Forker forker;
    private final LoadPlan plan;
    private final Members members;
    private final List<ProcessHandle> servers;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private final ByteString[] keys = new ByteString[KEYS];
    private long putsAnswered;

    private ClientMain(Forker forker, LoadPlan plan, Members members) {
        this.forker = forker;
        this.plan = plan;
        this.members = members;
        this.servers = plan.processIds().stream()
                .map(ProcessHandle::of)
                .flatMap(Optional::stream)
                .toList();
        for (int i = 0; i < KEYS; i++) {
            keys[i] = ByteString.copyFrom(String.format(Locale.ROOT, "key-%06d", i), StandardCharsets.US_ASCII);
        }
    }

    /** Takes the arguments of a {@link LoadPlan}. */
    public static void main(String[] arguments) {
        Forker.run(forker -> {
            LoadPlan plan = LoadPlan.of(arguments);
            forker.say(JVM + Machine.describeJvm());
            try (Members members = new Members(plan.endpoints())) {
                new ClientMain(forker, plan, members).run();
            }
            forker.say(OVER);
        });
    }

    private void run() {
        int most = plan.inFlight().stream().mapToInt(Integer::intValue).max().orElse(1);
        int bytes = plan.payloadBytes().get(0);
        measure(PUT, most, bytes, plan.warmUpSeconds(), 0);
        measure(READ, most, bytes, plan.warmUpSeconds() / 2, 0);
        for (int payloadBytes : plan.payloadBytes()) {
            // Most in flight first: it warms up most, and a compiler that still works disturbs small numbers most.
            for (int inFlight : mostFirst()) {
                for (String operation : List.of(PUT, READ)) {
                    LoadResult found =
                            measure(operation, inFlight, payloadBytes, SETTLE_SECONDS, plan.measuredSeconds());
                    if (found != null) {
                        forker.say(found.toLine());
                    }
                }
            }
        }
        List<Members.State> states = members.settledStates();
        forker.say(Members.agree(states, 1 + putsAnswered) ? AGREED : "differ: " + states);
    }

    private List<Integer> mostFirst() {
        return plan.inFlight().stream().sorted(Comparator.reverseOrder()).toList();
    }

    /** Runs a loop, and returns its result; null if nothing was to be measured. */
    private @Nullable LoadResult measure(
            String operation, int inFlight, int payloadBytes, int settleSeconds, int measuredSeconds) {
        Measurement measurement = new Measurement();
        measurement.countElsewhere(() -> Processes.cpuNanos(servers), () -> 0);
        try (EtcdClient client = new EtcdClient(members.awaitLeader(), CONNECTIONS)) {
            ClosedLoop loop = new ClosedLoop(inFlight, work(operation, client, payloadBytes), measurement);
            loop.begin();
            loop.stepFor(Duration.ofSeconds(settleSeconds));
            long clientNanos = ownCpuNanos();
            measurement.start();
            loop.stepFor(Duration.ofSeconds(measuredSeconds));
            measurement.stop();
            clientNanos = ownCpuNanos() - clientNanos;
            loop.end();
            putsAnswered += operation.equals(PUT) ? loop.succeeded() : 0;
            Throwable error = measurement.firstError();
            if (error != null) {
                forker.say("an operation failed: " + error);
            }
            Figures figures = measurement.figures(1).withoutAllocation();
            double operations = figures.opsPerSecond() * measuredSeconds;
            return measuredSeconds == 0
                    ? null
                    : new LoadResult(
                            operation,
                            inFlight,
                            payloadBytes,
                            figures,
                            clientNanos / 1e3 / operations,
                            measurement.errors());
        }
    }

    private Work work(String operation, EtcdClient client, int payloadBytes) {
        Commands values = new Commands(payloadBytes);
        return operation.equals(PUT)
                ? each -> client.put(key(), UnsafeByteOperations.unsafeWrap(values.next()), each)
                : each -> client.get(key(), each);
    }

    private ByteString key() {
        return keys[random.nextInt(KEYS)];
    }

    private static long ownCpuNanos() {
        return Processes.cpuNanos(List.of(ProcessHandle.current()));
    }
}
