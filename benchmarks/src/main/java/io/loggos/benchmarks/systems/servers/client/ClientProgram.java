package io.loggos.benchmarks.systems.servers.client;

import io.loggos.benchmarks.harness.machine.Machine;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.process.Processes;
import io.loggos.benchmarks.harness.report.Figures;
import io.loggos.benchmarks.harness.workload.ClosedLoop;
import io.loggos.benchmarks.harness.workload.Measurement;
import io.loggos.benchmarks.harness.workload.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Frame of a program that loads servers, the same for all systems, in a JVM of its own: closed loops against the leader.
 * It says its results line by line, and in the end if the members hold the same. For one thread.
 */
public final class ClientProgram implements AutoCloseable {
    /** Line that says that all members hold the same, with every acknowledged write. */
    static final String AGREED = "agreed";

    /** Last line. */
    static final String OVER = "over";
    /** Prefix of the line that describes the JVM. */
    static final String JVM = "jvm: ";

    /** Number of connections to the leader, used in turn. */
    private static final int CONNECTIONS = 4;

    private static final Duration SETTLE = Duration.ofSeconds(1);

    private final Forker forker;
    private final Members members;
    private final List<ProcessHandle> servers;
    private long writesAnswered;

    /** Body of a program. */
    @FunctionalInterface
    public interface Body {
        /** Loads the servers. */
        void run(ClientProgram program);
    }

    /**
     * Setting of a loop.
     *
     * @param operation name of the operation in results
     * @param writes true if each operation makes a revision of the store
     * @param events number of events that each operation counts for
     */
    public record Setting(String operation, int inFlight, int payloadBytes, boolean writes, int events) {}

    private ClientProgram(Forker forker, List<String> endpoints, List<Long> processIds) {
        this.forker = forker;
        this.members = new Members(endpoints);
        this.servers = processIds.stream()
                .map(ProcessHandle::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Runs a program and ends this JVM.
     *
     * @param processIds process ids of the servers, whose processor time and memory count
     */
    public static void run(List<String> endpoints, List<Long> processIds, Body body) {
        Forker.run(forker -> {
            forker.say(JVM + Machine.describeJvm());
            try (ClientProgram program = new ClientProgram(forker, endpoints, processIds)) {
                body.run(program);
                List<Members.State> states = program.members.settledStates();
                forker.say(Members.agree(states, 1 + program.writesAnswered) ? AGREED : "differ: " + states);
            }
            forker.say(OVER);
        });
    }

    /** Returns a client of the leader. */
    public EtcdClient leader() {
        return new EtcdClient(members.awaitLeader(), CONNECTIONS);
    }

    /** Returns the address of the leader, as host:port. */
    public String leaderEndpoint() {
        return members.awaitLeader();
    }

    /** Runs a loop for a time, unmeasured. */
    public void warmUp(Setting setting, Function<EtcdClient, Work> works, Duration time) {
        loop(setting, works, time, Duration.ZERO);
    }

    /** Runs a loop for a time after it has settled, and says the result. */
    public void measure(Setting setting, Function<EtcdClient, Work> works, Duration time) {
        forker.say(loop(setting, works, SETTLE, time).toLine());
    }

    /** Runs a loop until the work has nothing more to start. */
    public void toItsEnd(Setting setting, Function<EtcdClient, ? extends FiniteWork> works) {
        Measurement measurement = new Measurement();
        try (EtcdClient client = leader()) {
            FiniteWork work = works.apply(client);
            ClosedLoop loop = new ClosedLoop(setting.inFlight(), work, measurement);
            loop.begin();
            while (!work.isOver()) {
                loop.step();
            }
            loop.end();
            count(setting, loop, measurement);
            if (measurement.errors() > 0) {
                throw new IllegalStateException("cannot " + setting.operation(), measurement.firstError());
            }
        }
    }

    @Override
    public void close() {
        members.close();
    }

    private LoadResult loop(Setting setting, Function<EtcdClient, Work> works, Duration settle, Duration measured) {
        Measurement measurement = new Measurement();
        measurement.countElsewhere(() -> Processes.cpuNanos(servers), () -> 0);
        try (EtcdClient client = leader()) {
            ClosedLoop loop = new ClosedLoop(setting.inFlight(), works.apply(client), measurement);
            loop.begin();
            loop.stepFor(settle);
            long clientNanos = ownCpuNanos();
            measurement.start();
            loop.stepFor(measured);
            measurement.stop();
            clientNanos = ownCpuNanos() - clientNanos;
            loop.end();
            count(setting, loop, measurement);
            Figures figures = measurement.figures(1).withoutAllocation();
            double operations = figures.opsPerSecond() * measured.toSeconds() * setting.events();
            return new LoadResult(
                    setting.operation(),
                    setting.inFlight(),
                    setting.payloadBytes(),
                    figures.timesEvents(setting.events()),
                    clientNanos / 1e3 / operations,
                    Processes.residentBytes(servers),
                    measurement.errors());
        }
    }

    private void count(Setting setting, ClosedLoop loop, Measurement measurement) {
        writesAnswered += setting.writes() ? loop.succeeded() : 0;
        Throwable error = measurement.firstError();
        if (error != null) {
            forker.say("an operation failed: " + error);
        }
    }

    private static long ownCpuNanos() {
        return Processes.cpuNanos(List.of(ProcessHandle.current()));
    }
}
