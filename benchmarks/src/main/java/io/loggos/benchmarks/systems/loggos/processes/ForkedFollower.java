package io.loggos.benchmarks.systems.loggos.processes;

import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import java.time.Duration;
import java.util.List;

/** Node that follows, in a JVM of its own with the class path and the options of this one. For one thread. */
final class ForkedFollower implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Options that must not be given twice, or that belong to this process alone. */
    private static final List<String> NOT_HANDED_ON =
            List.of("-javaagent:", "-agentlib:", "-agentpath:", "-XX:StartFlightRecording", "-XX:CompileCommandFile");

    private final ForkedJvm jvm;

    private ForkedFollower(ForkedJvm jvm) {
        this.jvm = jvm;
    }

    /** Starts the JVM and does not wait for it. */
    static ForkedFollower start(int number, Addresses addresses) {
        List<String> options = ForkedJvm.ownOptions().stream()
                .filter(option -> NOT_HANDED_ON.stream().noneMatch(option::startsWith))
                .toList();
        List<String> arguments =
                List.of(Integer.toString(number), addresses.directory().toString(), addresses.portsText());
        return new ForkedFollower(
                ForkedJvm.start("follower " + number, ForkedJvm.command(options, FollowerMain.class, arguments)));
    }

    /** Waits until the node is open. */
    void awaitReady() {
        String line = jvm.receive(PATIENCE);
        if (!line.equals(FollowerMain.READY)) {
            throw new TrialFailure("a follower said: " + line);
        }
    }

    /** Returns the state that the replica has applied. */
    CommandHash.Value value() {
        String[] words = jvm.ask(FollowerMain.STATE, PATIENCE).split(" ", -1);
        return new CommandHash.Value(Long.parseLong(words[0]), Long.parseLong(words[1]));
    }

    /** Returns the bytes that the threads have allocated on the heap. */
    long allocatedBytes() {
        return Long.parseLong(jvm.ask(FollowerMain.ALLOCATED, PATIENCE));
    }

    /** Returns the processor time that the process has used, in nanoseconds. */
    long cpuNanos() {
        return jvm.cpuNanos();
    }

    /** Closes the node and ends the process. */
    @Override
    public void close() {
        try {
            jvm.ask(FollowerMain.CLOSE, PATIENCE);
        } catch (TrialFailure e) {
            // It has ended already, or is killed now.
        }
        jvm.close();
    }
}
