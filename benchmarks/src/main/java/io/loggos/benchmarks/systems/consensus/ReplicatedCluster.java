package io.loggos.benchmarks.systems.consensus;

import io.loggos.benchmarks.harness.workload.Operation;
import java.util.List;

/**
 * Three replicas of one log, connected over the loopback address, with their data on one disk. Each applies the
 * commands to a {@link CommandHash} of its own.
 */
public interface ReplicatedCluster extends AutoCloseable {
    /**
     * Gives a command to the leader, which is in this JVM. The operation completes once the command is durable on a
     * majority and applied at the leader. It completes with a failure if the system refuses or loses the command.
     * Called by one thread, which must not wait.
     *
     * @param command bytes of the command, not changed afterwards; the same array may be given again
     */
    void submit(byte[] command, Operation operation);

    /**
     * Returns the state of each replica, once all have applied as much as the furthest, or after a minute. Called when
     * nothing is in flight.
     */
    List<CommandHash.Value> settledStates();

    /** Returns the processor time that other processes of the cluster have used so far; 0 if it has none. */
    default long cpuNanosElsewhere() {
        return 0;
    }

    /** Returns the bytes that other processes of the cluster have allocated on their heaps so far; 0 if it has none. */
    default long allocatedBytesElsewhere() {
        return 0;
    }

    /** Closes the cluster and ends its threads. */
    @Override
    void close();
}
