package io.loggos.benchmarks.systems.loggos.audited;

import io.loggos.api.Role;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.trial.GapTracker;
import java.time.Duration;
import java.util.List;

/** A node in a JVM of its own, from where the trial looks at it: the other end of {@link NodeMain}. For one thread. */
public final class ForkedNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** One node in a JVM needs less than three. */
    private static final List<String> JVM_OPTIONS = List.of(JvmOptions.COLLECTOR, "-Xms1g", "-Xmx1g");

    /**
     * Where the replica stands.
     *
     * @param leader the number of the node that leads as far as this one knows, or 0
     * @param candidacies how often it has stood since it began
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
     * When, by {@link System#nanoTime}, which all processes of a machine share.
     *
     * @param launched the JVM was asked for
     * @param begun it runs
     * @param opened {@code NodeBuilder.open} has returned
     * @param replicated {@code Node.replicate} has returned
     */
    public record Start(long launched, long begun, long opened, long replicated) {}

    /**
     * When, by {@link System#nanoTime}.
     *
     * @param replayed all that the disk knew as chosen was applied
     * @param led it knew a leader
     * @param ready a command of its own was applied
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
     * What became of a load.
     *
     * @param failure of a command that was not acknowledged; empty if all were
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

    /** Starts one; {@link #awaitStart} must come next. */
    static ForkedNode start(NodeSettings settings) {
        long launchedNanos = System.nanoTime();
        ForkedJvm jvm = ForkedJvm.start("node " + settings.id(), JVM_OPTIONS, NodeMain.class, settings.toArguments());
        return new ForkedNode(settings.id(), jvm, launchedNanos);
    }

    /** Its number. */
    public int id() {
        return id;
    }

    /** Its JVM, and the options of that. */
    public String description() {
        return description;
    }

    /** Waits until it is open. */
    public Start awaitStart() {
        String[] nanos = jvm.receive(PATIENCE).split(" ", -1);
        return new Start(launchedNanos, Long.parseLong(nanos[0]), Long.parseLong(nanos[1]), Long.parseLong(nanos[2]));
    }

    /** Makes it propose a command, again and again until one is applied; {@link #awaitReady} must come next. */
    public void getReady() {
        jvm.send("ready");
    }

    /** Waits until that command was applied. */
    public Ready awaitReady() {
        return Ready.parse(jvm.receive(PATIENCE));
    }

    /** Where it stands. */
    public Status status() {
        return Status.parse(ask("status"));
    }

    /** Puts it under load, until {@link #stopLoad} or until so many commands were proposed. */
    public void load(long origin, int inFlight, int payloadBytes, int most) {
        ask("load " + origin + " " + inFlight + " " + payloadBytes + " " + most);
    }

    /** How many commands of the load were proposed; all, if they have ended too. */
    public boolean isLoadOver() {
        return Boolean.parseBoolean(ask("loaded").split(" ", -1)[1]);
    }

    /** Ends the load. */
    public Loaded stopLoad() {
        String[] answer = ask("stop").split(" ", 2);
        return new Loaded(Acknowledged.parse(answer[0]), answer.length == 2 ? answer[1] : "");
    }

    /** Looks for gaps between commands from now on. */
    public void markGaps() {
        ask("mark");
    }

    /** What was applied there since the mark, or the last call of this. */
    public GapTracker.Seen gaps() {
        String[] answer = ask("gap").split(" ", -1);
        return new GapTracker.Seen(Long.parseLong(answer[0]), Long.parseLong(answer[1]), Long.parseLong(answer[2]));
    }

    /** How many of these it has not applied. */
    public int missing(Acknowledged acknowledged) {
        return Integer.parseInt(ask("missing " + acknowledged.toText()));
    }

    /** Kills it. */
    public void kill() {
        jvm.kill();
    }

    /** Closes its node and ends it. */
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
