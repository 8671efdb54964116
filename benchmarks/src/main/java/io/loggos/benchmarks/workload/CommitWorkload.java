package io.loggos.benchmarks.workload;

import io.loggos.api.ReadResult;
import io.loggos.api.Replica;
import java.nio.file.Path;
import java.util.List;

/**
 * The commit path: commands through {@link Replica#propose} at the leader of three nodes in this JVM, from one thread,
 * with a fixed number in flight. An operation is over when its future completes: chosen, durable on a majority, and
 * applied at the leader.
 */
public final class CommitWorkload implements Workload {
    /** Before the loop, the cluster applies one command to show that it is up. */
    private static final long FIRST_COMMANDS = 1;

    private final Cluster cluster;
    private final Measurement measurement;
    private final ClosedLoop loop;

    /**
     * Opens the cluster.
     *
     * @param directory an empty directory on the disk that is to be measured
     */
    public CommitWorkload(Path directory, int inFlight, int payloadBytes, Measurement measurement) {
        this.measurement = measurement;
        this.cluster = Cluster.open(directory);
        Replica leader = cluster.leader();
        Commands commands = new Commands(payloadBytes);
        this.loop =
                new ClosedLoop(inFlight, operation -> operation.endsWith(leader.propose(commands.next())), measurement);
    }

    @Override
    public void begin() {
        loop.begin();
    }

    @Override
    public void step() {
        loop.step();
    }

    @Override
    public void end() {
        loop.end();
    }

    /** All replicas must stand at one slot with one state, and that state must hold every command that succeeded. */
    @Override
    public Boolean verify() {
        boolean allSucceeded = measurement.firstError() == null;
        return agree(cluster.settledStates(), FIRST_COMMANDS + loop.succeeded(), allSucceeded);
    }

    @Override
    public void close() {
        cluster.close();
    }

    /**
     * Whether these are the same slot and state, with at least so many commands in it.
     *
     * @param exactly whether there may be no more
     */
    static boolean agree(List<ReadResult<HashingStateMachine.State>> states, long commands, boolean exactly) {
        ReadResult<HashingStateMachine.State> first = states.get(0);
        long applied = first.value().commands();
        return states.stream()
                        .allMatch(state -> state.slot().equals(first.slot())
                                && state.value().equals(first.value()))
                && (exactly ? applied == commands : applied >= commands);
    }
}
