package io.loggos.paxos.runtime.members;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.member.Member;
import io.loggos.api.member.MemberChange;
import io.loggos.api.member.MemberChangeException;
import io.loggos.api.member.Members;
import io.loggos.api.node.JoinOptions;
import io.loggos.api.node.Node;
import io.loggos.api.node.NodeBuilder;
import io.loggos.api.node.SecurityOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Consistency;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.StateMachine;
import io.loggos.internal.files.DurableFiles;
import io.loggos.testkit.network.FreePorts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members of real nodes on RocksDB and gRPC change, while a client writes. */
class MembersEndToEndTest {
    private static final int MOST_SECONDS = 90;
    private static final SecurityOptions SECRET = SecurityOptions.builder()
            .secret(Bytes.utf8("the members of this cluster, of 32 bytes"))
            .build();

    @TempDir
    private Path directory;

    private final Map<Integer, Node> nodes = new ConcurrentHashMap<>();
    private final Map<Integer, Replica> replicas = new ConcurrentHashMap<>();
    private final Map<Integer, Numbers> machines = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> ports = new ConcurrentHashMap<>();
    private final Queue<String> events = new ConcurrentLinkedQueue<>();
    private @Nullable Writer writer;

    /** The set of the numbers that were written. */
    private static final class Numbers implements StateMachine {
        private final Set<Integer> numbers = ConcurrentHashMap.newKeySet();

        @Override
        public Bytes apply(Command command) {
            numbers.add(command.payload().asByteBuffer().getInt());
            return Bytes.EMPTY;
        }

        @Override
        public CheckpointWriter checkpoint() {
            ByteBuffer all = ByteBuffer.allocate(4 * numbers.size());
            new TreeSet<>(numbers).forEach(all::putInt);
            return into -> Files.write(into.resolve("numbers"), all.array());
        }

        @Override
        public void restore(Path from) throws IOException {
            numbers.clear();
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(from.resolve("numbers")));
            while (all.hasRemaining()) {
                numbers.add(all.getInt());
            }
        }
    }

    /** A client that writes one number after the other, each until some node has acknowledged it. */
    private final class Writer extends Thread {
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile boolean stopped;
        private volatile int written;

        @Override
        public void run() {
            try {
                for (int number = 1; !stopped; number++) {
                    write(number);
                    written = number;
                }
            } catch (RuntimeException e) {
                failure.set(e);
            }
        }

        private void write(int number) {
            Bytes command = Bytes.wrap(ByteBuffer.allocate(4).putInt(number).array());
            for (int attempt = 0; ; attempt++) {
                List<Replica> all = new ArrayList<>(replicas.values());
                try {
                    all.get((number + attempt) % all.size()).propose(command).join();
                    return;
                } catch (CompletionException e) {
                    if (attempt == 1_000) {
                        throw e;
                    }
                }
            }
        }

        void end() throws InterruptedException {
            stopped = true;
            join(TimeUnit.SECONDS.toMillis(MOST_SECONDS));
            assertEquals(null, failure.get());
        }
    }

    private Node start(int id, @Nullable JoinOptions join, int... peers) {
        NodeBuilder builder = Node.builder()
                .id(id)
                .listen("127.0.0.1:" + port(id))
                .dataDirectory(directory.resolve("node-" + id))
                .security(SECRET)
                .timing(TimingOptions.ofElectionTimeout(Duration.ofMillis(500)));
        for (int peer : peers) {
            if (peer != id) {
                builder.peer(peer, "127.0.0.1:" + port(peer));
            }
        }
        Node node = (join == null ? builder : builder.join(join)).open();
        node.onEvent(event -> events.add(id + " " + event));
        nodes.put(id, node);
        Numbers machine = new Numbers();
        machines.put(id, machine);
        ReplicaOptions options = ReplicaOptions.builder()
                .checkpointEvery(50, 1 << 20)
                .retainedSlots(10)
                .requestTimeout(Duration.ofSeconds(2))
                .build();
        replicas.put(id, node.replicate("numbers", machine, options));
        return node;
    }

    private int port(int id) {
        return ports.computeIfAbsent(id, unused -> FreePorts.drawOne());
    }

    private void startThree() {
        for (int id = 1; id <= 3; id++) {
            start(id, null, 1, 2, 3);
        }
        for (Node node : nodes.values()) {
            await().atMost(MOST_SECONDS, TimeUnit.SECONDS)
                    .until(() -> node.ready().isDone());
        }
    }

    private void write() {
        writer = new Writer();
        writer.start();
    }

    private void awaitWritten(int more) {
        Writer writes = writer;
        int before = writes == null ? 0 : writes.written;
        await().atMost(MOST_SECONDS, TimeUnit.SECONDS).until(() -> writes != null && writes.written >= before + more);
    }

    /** Waits until a node knows exactly these voters, and the change to them is complete. */
    private void awaitVoters(int at, Integer... voters) {
        await().atMost(MOST_SECONDS, TimeUnit.SECONDS).untilAsserted(() -> {
            Members members = nodes.get(at).members();
            assertEquals(
                    List.of(voters),
                    members.members().stream()
                            .filter(member -> member.role() == Member.Role.VOTER)
                            .map(member -> member.id().value())
                            .toList(),
                    members::toString);
            assertEquals(null, members.waitsFor());
            assertEquals(voters.length, members.members().size(), members::toString);
        });
    }

    private void awaitRemoved(int id) {
        await().atMost(MOST_SECONDS, TimeUnit.SECONDS)
                .until(() -> replicas.get(id).status().halted() != null);
        assertTrue(
                events.stream().anyMatch(event -> event.startsWith(id + " is no member any more")), events::toString);
        stop(id);
    }

    private void stop(int id) {
        replicas.remove(id);
        nodes.remove(id).close();
    }

    /** Every acknowledged number is there, and a linearizable read at any node sees it. */
    private void checkNumbers() throws InterruptedException {
        Writer writes = writer;
        assertTrue(writes != null);
        writes.end();
        for (int id : nodes.keySet()) {
            Numbers machine = machines.get(id);
            int count = replicas.get(id)
                    .read(Consistency.LINEARIZABLE, () -> machine.numbers.size())
                    .join()
                    .value();
            assertEquals(writes.written, count, "numbers at node " + id);
        }
    }

    @AfterEach
    void close() throws InterruptedException {
        Writer writes = writer;
        if (writes != null) {
            writes.stopped = true;
        }
        nodes.values().forEach(Node::close);
    }

    /** All three nodes are replaced by three others, one by one, and no acknowledged write is lost. */
    @Test
    void allNodesAreReplacedOneByOne() throws InterruptedException {
        startThree();
        write();
        awaitWritten(60);
        for (int id = 4; id <= 6; id++) {
            start(id, JoinOptions.inPlaceOf(NodeId.of(id - 3)), id - 1);
            Integer[] voters = {id - 2, id - 1, id};
            awaitVoters(id, voters);
            awaitRemoved(id - 3);
            awaitWritten(60);
        }
        checkNumbers();

        stop(5);
        start(5, null, 1, 2, 3);
        awaitVoters(5, 4, 5, 6);
        Numbers machine = machines.get(5);
        int expected = machines.get(4).numbers.size();
        await().atMost(MOST_SECONDS, TimeUnit.SECONDS).until(() -> machine.numbers.size() == expected);
    }

    /** A cluster grows from three to five and back. The removed leader hands over first. */
    @Test
    void clusterGrowsAndShrinks() throws InterruptedException {
        startThree();
        write();
        start(4, JoinOptions.voter(), 1);
        awaitVoters(4, 1, 2, 3, 4);
        start(5, JoinOptions.asLearner(), 2);
        await().atMost(MOST_SECONDS, TimeUnit.SECONDS)
                .until(() -> nodes.get(5).members().members().size() == 5);
        awaitWritten(60);
        Members five = nodes.get(1).members();
        nodes.get(1)
                .changeMembers(five.number(), List.of(MemberChange.promote(5)))
                .join();
        awaitVoters(5, 1, 2, 3, 4, 5);

        NodeId leader = replicas.get(2).status().leader();
        assertTrue(leader != null);
        int first = leader.value();
        int second = first == 5 ? 4 : 5;
        int other = first == 1 || second == 1 ? 2 : 1;
        long number = nodes.get(other).members().number();
        Members three = nodes.get(other)
                .changeMembers(number, List.of(MemberChange.remove(first), MemberChange.remove(second)))
                .join();
        assertEquals(3, three.members().size());
        awaitRemoved(first);
        awaitRemoved(second);
        awaitWritten(60);
        checkNumbers();
    }

    /** A node that has lost its disk comes back as another store. */
    @Test
    void wipedDiskTakesItsOwnPlace() throws InterruptedException, IOException {
        startThree();
        write();
        awaitWritten(60);
        stop(3);
        DurableFiles.deleteTree(directory.resolve("node-3"));
        start(3, JoinOptions.inPlaceOf(NodeId.of(3)), 1);
        awaitVoters(3, 1, 2, 3);
        awaitWritten(60);
        checkNumbers();
    }

    /** Changes that are not possible now are refused, with the reason. */
    @Test
    void impossibleChangesAreRefused() {
        startThree();
        assertRefused(MemberChangeException.Reason.INVALID, 1, MemberChange.remove(7));
        assertRefused(MemberChangeException.Reason.CONFIG_CONFLICT, 2, MemberChange.remove(1));
        stop(3);
        await().atMost(MOST_SECONDS, TimeUnit.SECONDS)
                .until(() -> !nodes.get(1).status().connected().contains(NodeId.of(3)));
        assertRefused(MemberChangeException.Reason.UNREACHABLE, 1, MemberChange.remove(2));

        nodes.get(1).changeMembers(1, List.of(MemberChange.remove(3))).join();
        awaitVoters(2, 1, 2);
    }

    private void assertRefused(MemberChangeException.Reason reason, long number, MemberChange... changes) {
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> nodes.get(1).changeMembers(number, List.of(changes)).join());
        assertEquals(
                reason,
                assertInstanceOf(MemberChangeException.class, failure.getCause())
                        .reason());
    }
}
