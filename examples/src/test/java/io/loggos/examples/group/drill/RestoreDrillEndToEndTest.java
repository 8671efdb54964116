package io.loggos.examples.group.drill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Ordering;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.cut.InFlight;
import io.loggos.examples.group.RecordedProcess;
import io.loggos.paxos.Restore;
import io.loggos.testkit.network.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster of real processes is restored from a snapshot that was taken under traffic, again and again.
 *
 * <p>Each node is in a group of each of the orders, and has coins that it sends to the next node. All processes are killed,
 * and a new cluster goes on from the snapshot. There every message is received once, in its order, and no coin is
 * missing. The next snapshot is one of the restored cluster. Groups have a state in every other round.
 */
class RestoreDrillEndToEndTest {
    static final int NODES = 3;

    /** Rounds of a drill. The profile {@code long} runs more. */
    private static final int ROUNDS = Integer.getInteger("restore.rounds", 2);

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final List<RecordedProcess> nodes = new ArrayList<>();
    private int dumps;

    @AfterEach
    void closeAll() {
        nodes.forEach(RecordedProcess::close);
    }

    @Test
    void aFewRounds() throws Exception {
        drill();
    }

    @Tag("long")
    @Test
    void manyRounds() throws Exception {
        drill();
    }

    private void drill() throws Exception {
        open(0, FreePorts.draw(NODES));
        for (int round = 1; round <= ROUNDS; round++) {
            int exporter = round % NODES;
            Path backup = directory.resolve("backup-" + round);
            tellAll("go");
            nodes.get(exporter).tell("export " + backup);
            await(() -> "a snapshot", () -> nodes.get(exporter).lines().contains("exported"));
            for (RecordedProcess node : nodes) {
                node.kill();
            }
            Expected expected = Expected.of(Restore.from(backup).open());
            List<Integer> ports = FreePorts.draw(NODES);
            for (int id = 1; id <= NODES; id++) {
                Restore.from(backup).into(DrillProgram.options("drill-" + round, id, data(round, id), ports));
            }
            open(round, ports);
            holds(expected);
            System.out.println("restore drill, round " + round + ": in flight " + expected.inFlight);
        }
        tellAll("go");
        tellAll("calm");
        await(
                () -> "all that was sent is received",
                () -> dump().stream().allMatch(state -> hasAll(state, dump())) && money(dump()) == allMoney());
        nothingIsWrong();
        for (RecordedProcess node : nodes) {
            node.end();
        }
    }

    private Path data(int round, int id) {
        return directory.resolve("data-" + round + "-" + id);
    }

    /** Starts the processes of a round, and waits until all are together in all groups. */
    private void open(int round, List<Integer> ports) {
        nodes.clear();
        for (int id = 1; id <= NODES; id++) {
            Path record = directory.resolve("record-" + round + "-" + id);
            List<String> arguments = new ArrayList<>(List.of("drill-" + round, Integer.toString(id)));
            arguments.addAll(List.of(data(round, id).toString(), record.toString(), Boolean.toString(round % 2 == 1)));
            ports.forEach(port -> arguments.add(port.toString()));
            nodes.add(RecordedProcess.start(
                    DrillProgram.class, record, directory.resolve("output-" + round + "-" + id), arguments));
        }
        await(() -> "all are in all groups", () -> nodes.stream().allMatch(RestoreDrillEndToEndTest::isInAllGroups));
    }

    private static boolean isInAllGroups(RecordedProcess node) {
        long groups = node.lines().stream()
                .filter(line ->
                        line.startsWith("view ") && line.contains("n1") && line.contains("n2") && line.contains("n3"))
                .map(line -> line.split(" ", 3)[1])
                .distinct()
                .count();
        return groups == Ordering.values().length + 1;
    }

    private void tellAll(String line) {
        nodes.forEach(node -> node.tell(line));
    }

    private List<DrillState> dump() {
        String start = "dump " + ++dumps + " ";
        tellAll(start.strip());
        await(
                () -> "a dump",
                () -> nodes.stream().allMatch(node -> node.lines().stream().anyMatch(line -> line.startsWith(start))));
        return nodes.stream()
                .map(node -> node.lines().stream()
                        .filter(line -> line.startsWith(start))
                        .findFirst()
                        .orElseThrow())
                .map(line -> DrillState.parse(line.substring(start.length())))
                .toList();
    }

    /** The state that each node must end with: what it had recorded, and then the messages in flight to it. */
    private record Expected(TreeMap<NodeId, DrillState> states, long money, TreeMap<String, Integer> inFlight) {
        static Expected of(GlobalSnapshot cut) {
            TreeMap<NodeId, DrillState> states =
                    new TreeMap<>(cut.states("drill", state -> DrillState.parse(state.toUtf8())));
            TreeMap<String, Integer> inFlight = new TreeMap<>();
            for (Ordering ordering : Ordering.values()) {
                List<InFlight<Bytes>> messages = cut.inFlight(DrillFeed.name(ordering));
                inFlight.put(ordering.name(), messages.size());
                for (InFlight<Bytes> each : messages) {
                    String wrong = book(states, each.to(), ordering)
                            .take(each.from(), each.message().toUtf8());
                    assertEquals("", wrong, () -> "in the cut of " + ordering + " at " + each.to());
                }
            }
            int coins = cut.inFlight(DrillPurse.GROUP).size();
            inFlight.put("coins", coins);
            assertFalse(inFlight.containsValue(0), () -> "in flight: " + inFlight);
            long money = states.values().stream().mapToLong(DrillState::money).sum() + coins;
            return new Expected(states, money, inFlight);
        }

        private static DrillBook book(TreeMap<NodeId, DrillState> states, NodeId node, Ordering ordering) {
            DrillState state = states.get(node);
            if (state == null) {
                throw new AssertionError("nothing is recorded of " + node);
            }
            return state.book(ordering);
        }
    }

    private static long allMoney() {
        return NODES * DrillPurse.MINTED;
    }

    private static long money(List<DrillState> states) {
        return states.stream().mapToLong(DrillState::money).sum();
    }

    /** True if a node has received all that was sent, and in total orders as all others have. */
    private static boolean hasAll(DrillState state, List<DrillState> all) {
        for (Ordering ordering : Ordering.values()) {
            for (int node = 1; node <= NODES; node++) {
                DrillBook other = all.get(node - 1).book(ordering);
                DrillBook book = state.book(ordering);
                if (book.received(NodeId.of(node)) != other.sent()
                        || (ordering.isTotal() && book.digest() != other.digest())) {
                    return false;
                }
            }
        }
        return true;
    }

    private void holds(Expected expected) {
        List<DrillState> cut = List.copyOf(expected.states.values());
        cut.forEach(state -> assertTrue(hasAll(state, cut), () -> "the cut, with what is in flight: " + cut));
        assertEquals(allMoney(), expected.money, "money in the cut");
        await(
                () -> "the restored cluster has " + dump() + "\ninstead of " + cut,
                () -> dump().stream().allMatch(state -> hasAll(state, cut)) && money(dump()) == allMoney());
        nothingIsWrong();
    }

    private void nothingIsWrong() {
        for (RecordedProcess node : nodes) {
            List<String> wrong = node.lines().stream()
                    .filter(line -> line.startsWith("wrong ") || line.startsWith("evicted "))
                    .toList();
            assertEquals(List.of(), wrong);
        }
    }

    private void await(Supplier<String> what, BooleanSupplier condition) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            StringBuilder text = new StringBuilder();
            nodes.forEach(node -> text.append("\n").append(node.lastOutput()));
            throw new AssertionError(what.get() + ": not within " + PATIENCE + text, e);
        }
    }
}
