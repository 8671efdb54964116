package io.loggos.paxos.sim;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.OverloadedException;
import io.loggos.api.replica.Consistency;
import io.loggos.internal.codec.ByteReader;
import io.loggos.paxos.sim.predicate.History;
import io.loggos.paxos.sim.predicate.TestMachine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Clients that ask any node, one operation after the other each, and write down what they saw. */
public final class SimClients {
    private static final int REGISTERS = 5;

    private final SimCluster cluster;
    private final SplittableRandom random;
    private final Map<SimLog, List<History.Operation>> histories = new LinkedHashMap<>();
    private final List<Client> clients = new ArrayList<>();
    private long nextValue = 1;
    private boolean stopped;

    public SimClients(SimCluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.random = random;
        cluster.logs().forEach(log -> histories.put(log, new ArrayList<>()));
    }

    /** Starts so many clients. Each uses one log, and each log has clients if they suffice. */
    public void start(int count) {
        for (int i = 0; i < count; i++) {
            Client client = new Client(cluster.logs().get(i % cluster.logs().size()));
            clients.add(client);
            client.later();
        }
    }

    /** No new operations. */
    public void stop() {
        stopped = true;
    }

    /** The operations of a log. */
    List<History.Operation> history(SimLog log) {
        return Objects.requireNonNull(histories.get(log));
    }

    long operations() {
        return histories.values().stream().mapToLong(List::size).sum();
    }

    /** Number of operations that have not ended. */
    public long open() {
        return clients.stream().filter(client -> client.current != null).count();
    }

    public long answered() {
        return histories.values().stream()
                .flatMap(List::stream)
                .filter(History.Operation::known)
                .count();
    }

    /** Ends the operations that were asked of a node that is gone. */
    public void onCrash(NodeId node) {
        clients.forEach(client -> client.onCrash(node));
    }

    private final class Client {
        private final SimLog log;
        private @Nullable NodeId asked;
        private History.@Nullable Operation current;

        Client(SimLog log) {
            this.log = log;
        }

        void later() {
            cluster.time.after(random.nextLong(1_000_000, 60_000_000), this::next);
        }

        private void next() {
            if (stopped) {
                return;
            }
            // A paused node takes calls as well: what it answers when it goes on must not be stale.
            List<SimNode> up = cluster.nodes().stream()
                    .filter(node -> node.replica(log).isServing())
                    .toList();
            if (up.isEmpty()) {
                later();
                return;
            }
            SimNode node = up.get(random.nextInt(up.size()));
            asked = node.id;
            int register = random.nextInt(REGISTERS);
            if (random.nextDouble() < cluster.settings().readShare()) {
                read(node, register);
            } else {
                write(node, register);
            }
        }

        private void write(SimNode node, int register) {
            long value = nextValue++;
            log.ghost().proposed(value);
            int filler = Math.max(0, random.nextInt(cluster.settings().commandBytes() + 1));
            Bytes command = TestMachine.set(register, value, filler);
            History.Operation operation = begin(true, register, value);
            CompletableFuture<?> unused = node.replica(log)
                    .replica()
                    .propose(command)
                    .whenComplete((result, failure) -> {
                        if (current != operation) {
                            return;
                        }
                        if (failure == null) {
                            log.ghost().acknowledged(result.slot().value(), command);
                            operation.answered(
                                    cluster.time.nanos(),
                                    result.slot().value(),
                                    new ByteReader(result.value()).getLong());
                        } else {
                            operation.failed(cluster.time.nanos(), isUnknown(failure));
                        }
                        end();
                    });
        }

        private void read(SimNode node, int register) {
            TestMachine machine = node.replica(log).machine();
            Consistency consistency = anyConsistency();
            boolean local = consistency == Consistency.LOCAL;
            long acknowledged = log.ghost().highestAcknowledged();
            History.Operation operation = begin(false, register, 0);
            CompletableFuture<?> unused = node.replica(log)
                    .replica()
                    .read(consistency, () -> machine.read(register))
                    .whenComplete((result, failure) -> {
                        if (current != operation) {
                            return;
                        }
                        if (failure == null && !local) {
                            log.ghost().readAnswered(result.slot().value(), acknowledged);
                        }
                        if (failure == null && node.isStranger()) {
                            throw log.ghost().violate("F-18", node.id + " answers a read");
                        }
                        if (failure == null) {
                            operation.answered(
                                    cluster.time.nanos(), result.slot().value(), result.value());
                        } else {
                            operation.failed(cluster.time.nanos(), false);
                        }
                        if (local) {
                            history(log).remove(operation);
                        }
                        end();
                    });
        }

        private Consistency anyConsistency() {
            int drawn = random.nextInt(8);
            return drawn == 0
                    ? Consistency.LOCAL
                    : drawn < 5 && cluster.settings().leases() ? Consistency.LEASE : Consistency.LINEARIZABLE;
        }

        private History.Operation begin(boolean isWrite, int register, long value) {
            History.Operation operation = new History.Operation(isWrite, register, value, cluster.time.nanos());
            history(log).add(operation);
            current = operation;
            return operation;
        }

        private void end() {
            current = null;
            asked = null;
            later();
        }

        void onCrash(NodeId node) {
            if (current != null && node.equals(asked)) {
                current.failed(cluster.time.nanos(), true);
                end();
            }
        }

        private boolean isUnknown(Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof OverloadedException) {
                cluster.note("a call has no room");
            }
            return cause instanceof OutcomeUnknownException;
        }
    }
}
