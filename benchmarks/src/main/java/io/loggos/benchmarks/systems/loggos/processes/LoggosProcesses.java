package io.loggos.benchmarks.systems.loggos.processes;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.TransportException;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.Role;
import io.loggos.benchmarks.harness.machine.Addresses;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.harness.workload.Operation;
import io.loggos.benchmarks.systems.consensus.CommandHash;
import io.loggos.benchmarks.systems.consensus.ReplicatedCluster;
import io.loggos.benchmarks.systems.consensus.Settlement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The leading node in this JVM, and two processes with a following node each. */
final class LoggosProcesses implements ReplicatedCluster {
    private static final int NODES = 3;
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final LoggosNode leader;
    private final List<ForkedFollower> followers = new ArrayList<>();

    private LoggosProcesses(LoggosNode leader) {
        this.leader = leader;
    }

    /** Opens the nodes below an empty directory and returns once a command was applied. */
    static LoggosProcesses open(Path directory) {
        for (int attempt = 1; ; attempt++) {
            try {
                return openOnce(directory.resolve("attempt-" + attempt));
            } catch (TrialFailure | TransportException e) {
                // Another process may have taken one of the ports, or a follower may have become the leader.
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static LoggosProcesses openOnce(Path directory) {
        Addresses addresses = Addresses.free(directory, NODES);
        LoggosProcesses cluster = new LoggosProcesses(LoggosNode.open(0, addresses, TimingOptions.defaults()));
        try {
            for (int i = 1; i < NODES; i++) {
                cluster.followers.add(ForkedFollower.start(i, addresses));
            }
            for (ForkedFollower follower : cluster.followers) {
                follower.awaitReady();
            }
            cluster.awaitLeading();
            cluster.leader.replica().propose(Bytes.EMPTY).join();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Waits until this node leads. Fails as soon as another node leads, because that will not change. */
    private void awaitLeading() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (ReplicaStatus status = leader.replica().status();
                status.role() != Role.LEADER;
                status = leader.replica().status()) {
            NodeId other = status.leader();
            if (other != null && !other.equals(leader.node().id())) {
                throw new TrialFailure("another node leads: " + status);
            }
            if (System.nanoTime() - deadline > 0) {
                throw new TrialFailure("no leader: " + status);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    @Override
    public void submit(byte[] command, Operation operation) {
        operation.endsWith(leader.replica().propose(Bytes.wrap(command)));
    }

    @Override
    public List<CommandHash.Value> settledStates() {
        List<Supplier<CommandHash.Value>> replicas = new ArrayList<>();
        replicas.add(leader::value);
        followers.forEach(follower -> replicas.add(follower::value));
        return Settlement.await(replicas);
    }

    @Override
    public long cpuNanosElsewhere() {
        return followers.stream().mapToLong(ForkedFollower::cpuNanos).sum();
    }

    @Override
    public long allocatedBytesElsewhere() {
        return followers.stream().mapToLong(ForkedFollower::allocatedBytes).sum();
    }

    @Override
    public void close() {
        followers.forEach(ForkedFollower::close);
        leader.close();
    }
}
