package io.loggos.paxos.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.ReadResult;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.testkit.TextMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Example for users: a state machine of one's own on simulated nodes. Each life of a node replicates it; what the lives do is
 * a function of the seed, so that a failure can be repeated.
 */
class OwnStateMachineTest {
    private static final long SECOND = 1_000_000_000L;
    /** A checkpoint after every few commands, so that lives begin from one. */
    private static final ReplicaOptions OPTIONS = ReplicaOptions.builder()
            .checkpointEvery(5, 1 << 20)
            .retainedSlots(0)
            .build();

    /** A replica of one life of a node, with its machine. */
    private record Member(TextMachine machine, Replica replica) {}

    private final TreeMap<NodeId, Member> members = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void allThatWasAcknowledgedIsThereAfterAPowerLossOfAll(long seed) {
        SimCluster cluster = new SimCluster(SimSettings.calm(3), new SplittableRandom(seed), false);
        cluster.onStart((node, life) -> {
            TextMachine machine = new TextMachine();
            members.put(node.id, new Member(machine, life.replicate("text", machine, OPTIONS)));
        });
        cluster.startAll();
        String written = "";
        for (char letter = 'a'; letter <= 'z'; letter++) {
            written += letter;
            Replica replica = members.get(NodeId.of(1 + letter % 3)).replica();
            assertEquals(
                    written,
                    done(cluster, replica.propose(Bytes.utf8(String.valueOf(letter))))
                            .value()
                            .toUtf8());
            if (letter == 'm') {
                cluster.nodes().forEach(node -> node.crash(true));
                cluster.startAll();
            }
        }
        List<String> read = new ArrayList<>();
        for (Member member : members.values()) {
            CompletableFuture<ReadResult<String>> text =
                    member.replica().read(Consistency.LINEARIZABLE, () -> member.machine().text);
            read.add(done(cluster, text).value());
        }
        assertEquals(List.of(written, written, written), read);
    }

    /** Lets the cluster run until a call has ended. */
    private static <T> T done(SimCluster cluster, CompletableFuture<T> call) {
        assertTrue(cluster.runUntilTrue(10 * SECOND, call::isDone) >= 0, "the call does not end");
        return call.join();
    }
}
