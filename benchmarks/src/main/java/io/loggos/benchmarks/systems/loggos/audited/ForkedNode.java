package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.replica.Role;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.trial.GapTracker;
import java.time.Duration;
import java.util.List;

/** Node in a JVM of its own, as the trial controls it; {@link NodeMain} is its program. For one thread. */
public final class ForkedNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Options of the JVM. One node needs less heap than three. */
    private static final List<String> JVM_OPTIONS = List.of(JvmOptions.COLLECTOR, "-Xms1g", "-Xmx1g");

    /**
     * Status of the replica.
     *
     * @param leader id of the node that leads as far as this one knows, or 0
     * @param candidacies number of candidacies since it began
     */
    public record Status(
            Role role,
            int leader,
            long appliedSlot,
            long knownChosenSlot,
            long candidacies,
            AuditedStateMachine.State state) {
        String toText() {
            return role + " " + leader + " " + appliedSlot + " " + knownChosenSlot + " " + candidacies + " "
                    + state.commands() + " " + state.repeated() + " " + state.hash();
        }

        static Status parse(String text) {
            String[] parts = text.split(" ", -1);
            return new Status(
                    Role.valueOf(parts[0]),
                    Integer.parseInt(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Long.parseLong(parts[4]),
                    new AuditedStateMachine.State(
                            Long.parseLong(parts[5]), Long.parseLong(parts[6]), Long.parseLong(parts[7])));
        }
    }

    /**
     * Times of a start, by {@link System#nanoTime}, which all processes of a machine share.
     *
     * @param launched time at which the JVM was launched
     * @param begun time at which it ran
     * @param opened time at which {@code NodeBuilder.open} returned
     * @param replicated time at which {@code Node.replicate} returned
     */
    public record Start(long launched, long begun, long opened, long replicated) {}

    /**
     * Times of getting ready, by {@link System#nanoTime}.
     *
     * @param replayed time at which everything that the disk knew as chosen was applied
     * @param led time at which it knew a leader
     * @param ready time at which a command of its own was applied
     */
    public record Ready(long replayed, long led, long ready) {
        String toText() {
            return replayed + " " + led + " " + ready;
        }

        static Ready parse(String text) {
            String[] nanos = text.split(" ", -1);
            return new Ready(Long.parseLong(nanos[0]), Long.parseLong(nanos[1]), Long.parseLong(nanos[2]));
        }
    }

    /**
     * Result of a load.
     *
     * @param failure failure of a command that was not acknowledged; empty if all were
     */
    public record Loaded(Acknowledged acknowledged, String failure) {}

    private final int id;
    private final ForkedJvm jvm;
    private final long launchedNanos;
    private final String description;

    private ForkedNode(int id, ForkedJvm jvm, long launchedNanos) {
        this.id = id;
        this.jvm = jvm;
        this.launchedNanos = launchedNanos;
        this.description = jvm.receive(PATIENCE);
    }

    /** Starts a node; {@link #awaitStart} must come next. */
    static ForkedNode start(NodeSettings settings) {
        long launchedNanos = System.nanoTime();
        ForkedJvm jvm = ForkedJvm.start("node " + settings.id(), JVM_OPTIONS, NodeMain.class, settings.toArguments());
        return new ForkedNode(settings.id(), jvm, launchedNanos);
    }

    /** Returns the id. */
    public int id() {
        return id;
    }

    /** Returns the JVM and its options. */
    public String description() {
        return description;
    }

    /** Waits until the node is open. */
    public Start awaitStart() {
        String[] nanos = jvm.receive(PATIENCE).split(" ", -1);
        return new Start(launchedNanos, Long.parseLong(nanos[0]), Long.parseLong(nanos[1]), Long.parseLong(nanos[2]));
    }

    /** Lets the node propose a command until one is applied; {@link #awaitReady} must come next. */
    public void getReady() {
        jvm.send("ready");
    }

    /** Waits until that command was applied. */
    public Ready awaitReady() {
        return Ready.parse(jvm.receive(PATIENCE));
    }

    /** Returns the status of the replica. */
    public Status status() {
        return Status.parse(ask("status"));
    }

    /** Starts a load, until {@link #stopLoad} or until so many commands were proposed. */
    public void load(long origin, int inFlight, int payloadBytes, int most) {
        ask("load " + origin + " " + inFlight + " " + payloadBytes + " " + most);
    }

    /** Tells if all commands of the load were proposed and have ended. */
    public boolean isLoadOver() {
        return Boolean.parseBoolean(ask("loaded").split(" ", -1)[1]);
    }

    /** Stops the load. */
    public Loaded stopLoad() {
        String[] answer = ask("stop").split(" ", 2);
        return new Loaded(Acknowledged.parse(answer[0]), answer.length == 2 ? answer[1] : "");
    }

    /** Starts to measure gaps between commands. */
    public void markGaps() {
        ask("mark");
    }

    /** Returns the commands and gaps since the mark, or since the last call. */
    public GapTracker.Seen gaps() {
        String[] answer = ask("gap").split(" ", -1);
        return new GapTracker.Seen(Long.parseLong(answer[0]), Long.parseLong(answer[1]), Long.parseLong(answer[2]));
    }

    /** Returns the number of these commands that the node has not applied. */
    public int missing(Acknowledged acknowledged) {
        return Integer.parseInt(ask("missing " + acknowledged.toText()));
    }

    /** Kills the node. */
    public void kill() {
        jvm.kill();
    }

    /** Closes the node and ends its JVM. */
    public void shutDown() {
        ask("close");
        jvm.close();
    }

    @Override
    public void close() {
        jvm.close();
    }

    private String ask(String request) {
        return jvm.ask(request, PATIENCE);
    }
}
