package io.loggos.benchmarks.commands.multicasttrials;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.process.Await;
import io.loggos.benchmarks.harness.process.TrialFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Four members in four JVMs. For one thread. */
final class TrialGroup implements AutoCloseable {
    /** Number of members. */
    static final int MEMBERS = 4;

    private static final int ATTEMPTS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final List<ForkedMember> running = new ArrayList<>();
    private final List<ForkedMember> gone = new ArrayList<>();

    private TrialGroup() {}

    /** Starts the members one after the other, and returns when each sees all. */
    static TrialGroup open(String system, Path directory, Ordering ordering) throws IOException {
        for (int attempt = 1; ; attempt++) {
            TrialGroup group = new TrialGroup();
            try {
                group.start(system, Addresses.free(directory.resolve("attempt-" + attempt), MEMBERS), ordering);
                return group;
            } catch (TrialFailure e) {
                group.close();
                // Another process may have taken one of the ports.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Returns the members that have not failed. */
    List<ForkedMember> running() {
        return List.copyOf(running);
    }

    /** Returns the first member of the view. */
    ForkedMember coordinator() {
        return running.stream()
                .filter(member -> member.view().coordinator())
                .findFirst()
                .orElseThrow(() -> new TrialFailure("no member is the coordinator"));
    }

    /** Returns a member that is not the coordinator. */
    ForkedMember other() {
        return running.stream()
                .filter(member -> !member.view().coordinator())
                .findFirst()
                .orElseThrow(() -> new TrialFailure("every member is the coordinator"));
    }

    /** Kills a member. */
    void kill(ForkedMember member) {
        running.remove(member);
        member.kill();
    }

    /** Stops a member, which keeps its connections. */
    void silence(ForkedMember member) {
        running.remove(member);
        gone.add(member);
        member.silence();
    }

    /**
     * Waits until all running members have a view of this size, and returns the time at which the last of them got it.
     */
    long awaitView(int members) {
        await(
                "no view of " + members + " members",
                () -> running.stream().allMatch(member -> member.view().members() == members));
        return running.stream().mapToLong(member -> member.view().nanos()).max().orElseThrow();
    }

    @Override
    public void close() {
        // All at once: a member that leaves alone makes the others agree on a view without it.
        running.forEach(ForkedMember::kill);
        gone.forEach(ForkedMember::kill);
    }

    private void start(String system, Addresses addresses, Ordering ordering) {
        for (int number = 0; number < MEMBERS; number++) {
            ForkedMember member = ForkedMember.start(system, number, addresses, ordering);
            running.add(member);
            member.awaitOpen();
        }
        awaitView(MEMBERS);
    }

    private void await(String otherwise, BooleanSupplier condition) {
        if (!Await.until(PATIENCE, condition)) {
            throw new TrialFailure(otherwise + ": "
                    + running.stream().map(member -> member.view().toText()).toList());
        }
    }
}
