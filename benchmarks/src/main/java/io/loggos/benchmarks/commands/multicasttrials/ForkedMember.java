package io.loggos.benchmarks.commands.multicasttrials;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.JvmOptions;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.systems.multicast.DeliveryAudit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Member in a JVM of its own, as the trial controls it; {@link MemberMain} is its program. For one thread. */
final class ForkedMember implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Heap options of all systems; one member needs less than four. */
    private static final List<String> SMALLER_HEAP = List.of("-Xms512m", "-Xmx1g");

    /**
     * Latest view of the member.
     *
     * @param number number of views so far
     * @param members number of members in the view; 0 if there was none yet
     * @param coordinator true if the member is the first of them
     * @param nanos time of the view, by {@link System#nanoTime}, which all processes of a machine share
     */
    record Seen(int number, int members, boolean coordinator, long nanos) {
        String toText() {
            return number + " " + members + " " + coordinator + " " + nanos;
        }

        static Seen parse(String text) {
            String[] parts = text.split(" ", -1);
            return new Seen(
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Boolean.parseBoolean(parts[2]),
                    Long.parseLong(parts[3]));
        }
    }

    /**
     * Result of a load.
     *
     * @param failure reason why it ended before it was stopped; empty if it did not
     */
    record Loaded(long sent, String failure) {
        static Loaded parse(String text) {
            int end = text.indexOf(' ');
            return end < 0
                    ? new Loaded(Long.parseLong(text), "")
                    : new Loaded(Long.parseLong(text.substring(0, end)), text.substring(end + 1));
        }
    }

    private final int number;
    private final ForkedJvm jvm;
    private String description = "";

    private ForkedMember(int number, ForkedJvm jvm) {
        this.number = number;
        this.jvm = jvm;
    }

    /** Starts a member; {@link #awaitOpen} must come next. */
    static ForkedMember start(String system, int number, Addresses addresses, Ordering ordering) {
        List<String> options = new ArrayList<>(JvmOptions.ALL);
        options.addAll(SMALLER_HEAP);
        List<String> arguments = List.of(
                system,
                Integer.toString(number),
                addresses.directory().toString(),
                addresses.portsText(),
                ordering.name());
        return new ForkedMember(number, ForkedJvm.start("member " + number, options, MemberMain.class, arguments));
    }

    /** Waits until the member is open. */
    void awaitOpen() {
        description = jvm.receive(PATIENCE);
    }

    int number() {
        return number;
    }

    /** Returns the JVM of the member and its options. */
    String description() {
        return description;
    }

    Seen view() {
        return Seen.parse(ask("view"));
    }

    void load(int payloadBytes) {
        ask("load " + payloadBytes);
    }

    Loaded stopLoad() {
        return Loaded.parse(ask("stop"));
    }

    DeliveryAudit.State state() {
        return DeliveryAudit.State.parse(ask("state"));
    }

    /** Starts to measure gaps between deliveries. */
    void markGaps() {
        ask("mark");
    }

    /** Returns the longest gap since then. */
    long longestGapNanos() {
        return Long.parseLong(ask("gap"));
    }

    /** Kills the member. */
    void kill() {
        jvm.kill();
    }

    /** Stops the process but keeps its connections. */
    void silence() {
        try {
            int code = new ProcessBuilder("kill", "-STOP", Long.toString(jvm.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new TrialFailure("member " + number + " cannot be stopped");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TrialFailure("interrupted");
        }
    }

    @Override
    public void close() {
        jvm.close();
    }

    private String ask(String request) {
        return jvm.ask(request, PATIENCE);
    }
}
