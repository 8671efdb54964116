package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaStatus;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimNode;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.paxos.sim.predicate.TestMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** A calm cluster whose nodes have letters: the one that leads at first may be any of them. */
final class Scenario {
    private final SimCluster cluster;
    private final TreeMap<Character, NodeId> letters = new TreeMap<>();
    private final List<CompletableFuture<?>> writes = new ArrayList<>();
    private long nextValue = 1;

    /** A cluster of {@code nodes}, running and led by the node that will be called {@code leader}. */
    Scenario(int nodes, char leader, long seed) {
        this(SimSettings.calm(nodes), leader, seed);
    }

    /** A cluster with these settings, running and led by the node that will be called {@code leader}. */
    Scenario(SimSettings settings, char leader, long seed) {
        cluster = new SimCluster(settings, new SplittableRandom(seed), true);
        cluster.startAll();
        within(4, "a first leader", () -> cluster.leader() != null);
        rest(3);
        letters.put(leader, leader());
        char letter = 'A';
        for (NodeId id : cluster.ids()) {
            if (!id.equals(leader())) {
                letter += letter == leader ? (char) 1 : 0;
                letters.put(letter++, id);
            }
        }
    }

    SimCluster cluster() {
        return cluster;
    }

    NodeId id(char letter) {
        return letters.get(letter);
    }

    SimNode node(char letter) {
        return cluster.node(id(letter).value());
    }

    NodeId leader() {
        NodeId leader = cluster.leader();
        if (leader == null) {
            throw new AssertionError("nobody leads");
        }
        return leader;
    }

    /** Lets only these pairs talk. */
    void onlyLinks(String... pairs) {
        for (char one : letters.keySet()) {
            for (char other : letters.keySet()) {
                boolean linked =
                        List.of(pairs).stream().anyMatch(pair -> pair.indexOf(one) >= 0 && pair.indexOf(other) >= 0);
                if (one < other) {
                    if (linked) {
                        cluster.network.healBoth(id(one), id(other));
                    } else {
                        cluster.network.cutBoth(id(one), id(other));
                    }
                }
            }
        }
    }

    void heal() {
        cluster.network.healAll();
    }

    /** Lets so many election timeouts pass. */
    void rest(double electionTimeouts) {
        cluster.runFor((long) (electionTimeouts * cluster.settings().electionNanos()));
    }

    /** Waits for something, in election timeouts. */
    void within(double electionTimeouts, String what, BooleanSupplier condition) {
        long most = (long) (electionTimeouts * cluster.settings().electionNanos());
        long took = cluster.runUntilTrue(most, condition);
        assertTrue(
                took >= 0,
                () -> what + " takes more than " + electionTimeouts + " election timeouts\n"
                        + String.join("\n", cluster.journal.lastLines()));
    }

    boolean leads(char letter) {
        return id(letter).equals(cluster.leader());
    }

    long leaderChanges() {
        return cluster.leaderChanges();
    }

    ReplicaStatus status(char letter) {
        ReplicaStatus status = node(letter).status();
        if (status == null) {
            throw new AssertionError(letter + " is down");
        }
        return status;
    }

    private Replica replica(char letter) {
        return node(letter).replica();
    }

    /** Asks a node to set a register. */
    CompletableFuture<?> write(char letter) {
        return write(letter, 10);
    }

    /** Asks a node to set a register, with so much filling. */
    CompletableFuture<?> write(char letter, int fillerBytes) {
        long value = nextValue++;
        cluster.ghost().proposed(value);
        Bytes command = TestMachine.set(1, value, fillerBytes);
        CompletableFuture<?> write = replica(letter)
                .propose(command)
                .thenAccept(result -> cluster.ghost().acknowledged(result.slot().value(), command));
        writes.add(write);
        return write;
    }

    /** Asks a node for a linearizable read. */
    CompletableFuture<Long> read(char letter) {
        return read(letter, Consistency.LINEARIZABLE);
    }

    /** Asks a node for a read that sees all that was acknowledged. */
    CompletableFuture<Long> read(char letter, Consistency consistency) {
        long acknowledged = cluster.ghost().highestAcknowledged();
        TestMachine machine = node(letter).machine();
        return replica(letter).read(consistency, () -> machine.read(1)).thenApply(result -> {
            cluster.ghost().readAnswered(result.slot().value(), acknowledged);
            return result.value();
        });
    }

    /** Lets the leader hand over to a node. */
    CompletableFuture<Void> transfer(char target) {
        Replica replica = cluster.node(leader().value()).replica();
        if (replica == null) {
            throw new AssertionError("the leader is down");
        }
        return replica.transferLeadership(id(target));
    }

    /** A write at a node succeeds within so many election timeouts. */
    void writes(char letter, double electionTimeouts) {
        CompletableFuture<?> write = write(letter);
        within(electionTimeouts, "a write at " + letter, write::isDone);
        write.join();
    }
}
