package io.loggos.paxos.sim.session;

import io.loggos.api.Bytes;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.UnavailableException;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.api.replica.RequestTooOldException;
import io.loggos.api.replica.Result;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimNode;
import io.loggos.paxos.sim.SimRun;
import io.loggos.paxos.sim.predicate.TestMachine;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Clients that give each command an id and propose it again and again, at any node, whether or not it was answered. */
final class RepeatingClients implements SimRun.Activity {
    private static final int CLIENTS = 4;
    private static final int MOST_CALLS = 12;
    /** Above the values and the registers of the other clients. */
    private static final long FIRST_VALUE = 1L << 41;

    private static final int FIRST_REGISTER = 1_000;
    private static final long LOOK_NANOS = 20_000_000;

    private final SimCluster cluster;
    private final SplittableRandom random;
    /** True if the log forgets answers soon. */
    private final boolean forgets;

    private final List<Client> clients = new ArrayList<>();
    private long nextValue = FIRST_VALUE;
    private boolean stopped;

    RepeatingClients(SimCluster cluster, SplittableRandom random, boolean forgets) {
        this.cluster = cluster;
        this.random = random;
        this.forgets = forgets;
    }

    @Override
    public void start() {
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(FIRST_REGISTER + i);
            clients.add(client);
            client.later();
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }

    /** MP31: at rest, every command that was answered has its first answer still. */
    @Override
    public void atRest() {
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (Client client : clients) {
            for (SimNode node : serving()) {
                ReplicaStatus status = node.status();
                if (client.first != null && status != null && status.leader() != null && status.halted() == null) {
                    asked.add(client.propose(node).handle((result, failure) -> {
                        client.take(result, failure);
                        return failure;
                    }));
                }
            }
        }
        long most = 20 * cluster.settings().electionNanos();
        if (cluster.runUntilTrue(most, () -> asked.stream().allMatch(CompletableFuture::isDone)) < 0) {
            throw new Violation("MP31", "a command that was answered is not answered again");
        }
    }

    private List<SimNode> serving() {
        return cluster.nodes().stream().filter(SimNode::isServing).toList();
    }

    /** A client with one command at a time. */
    private final class Client {
        private final int register;
        private RequestId id = new RequestId(Slot.ZERO, new UUID(0, 0));
        private Bytes command = Bytes.EMPTY;
        private int calls;
        private @Nullable Result<Bytes> first;

        Client(int register) {
            this.register = register;
        }

        void later() {
            cluster.time.after(random.nextLong(1_000_000, 3 * cluster.settings().electionNanos()), this::next);
        }

        private void next() {
            List<SimNode> serving = serving();
            if (stopped) {
                return;
            }
            if (serving.isEmpty()) {
                later();
                return;
            }
            SimNode node = serving.get(random.nextInt(serving.size()));
            ReplicaStatus status = node.status();
            if (calls == 0 && status != null) {
                long value = nextValue++;
                cluster.ghost().proposed(value);
                id = new RequestId(status.appliedSlot(), new UUID(random.nextLong(), value));
                command = TestMachine.set(register, value, 0);
                first = null;
            }
            calls++;
            await(node, node.life(), random.nextInt(4) == 0 ? outcome(node) : propose(node));
        }

        CompletableFuture<Result<Bytes>> propose(SimNode node) {
            return replicaOf(node).propose(command, id);
        }

        private Replica replicaOf(SimNode node) {
            Replica replica = node.replica();
            if (replica == null) {
                throw new IllegalStateException(node.id + " is down");
            }
            return replica;
        }

        /** MP31: the outcome of a command that was answered before is known. Without one there is no answer yet. */
        private CompletableFuture<Result<Bytes>> outcome(SimNode node) {
            Result<Bytes> before = first;
            return replicaOf(node).outcome(id).thenCompose(outcome -> {
                if (outcome.isEmpty() && before != null) {
                    throw cluster.ghost().violate("MP31", id + " was answered " + before + " and has no outcome");
                }
                cluster.note(outcome.isEmpty() ? "an outcome that is not there yet" : "an outcome");
                return outcome.map(CompletableFuture::completedFuture)
                        .orElseGet(() -> CompletableFuture.failedFuture(new UnavailableException("no outcome yet")));
            });
        }

        /** Looks for the answer from time to time, because a node that is killed gives none. */
        private void await(SimNode node, int life, CompletableFuture<Result<Bytes>> call) {
            if (call.isDone()) {
                CompletableFuture<?> unused = call.whenComplete((result, failure) -> ended(take(result, failure)));
            } else if (node.life() != life || !node.isUp()) {
                ended(false);
            } else {
                cluster.time.after(LOOK_NANOS, () -> await(node, life, call));
            }
        }

        /** Goes on with the same command, or with the next one. */
        private void ended(boolean hopeless) {
            boolean enough = hopeless || calls >= MOST_CALLS || (first != null && random.nextInt(4) == 0);
            if (enough && !stopped) {
                cluster.note(first == null ? "a command without an answer" : "a command answered again and again");
                calls = 0;
            }
            later();
        }

        /** MP31: takes an answer, which must be the first one. Returns true if there will be no other. */
        boolean take(@Nullable Result<Bytes> result, @Nullable Throwable failure) {
            if (result != null) {
                cluster.ghost().acknowledged(result.slot().value(), command);
                if (first != null && !first.equals(result)) {
                    throw cluster.ghost().violate("MP31", id + " is answered " + result + " after " + first);
                }
                cluster.note(first == null ? "a first answer" : "a repeated answer");
                first = result;
                return false;
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (!(cause instanceof RequestTooOldException)) {
                return false;
            }
            if (!forgets) {
                throw cluster.ghost().violate("MP31", id + " is forgotten early");
            }
            cluster.note("a request too old");
            return true;
        }
    }
}
