package io.loggos.examples.group.churn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.testkit.network.FreePorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three groups with state on three nodes, whose members join, leave, close, are killed and come back while all multicast.
 *
 * <p>In each round one node stays, so that each group keeps a member with the state. At the end there is no ghost, and all
 * states are equal. No message is twice in them, and none is lost that a receipt has called stable.
 */
class ChurnEndToEndTest {
    private static final int NODES = 3;
    private static final List<String> GROUPS = List.of("red", "green", "blue");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir
    Path directory;

    private final List<ChurnProcess> nodes = new ArrayList<>();
    private final List<String> actions = new ArrayList<>();

    @AfterEach
    void closeAll() {
        nodes.forEach(ChurnProcess::close);
    }

    @Test
    void aFewRounds() throws Exception {
        rounds(6, 1);
    }

    @Tag("long")
    @Test
    void aHundredRounds() throws Exception {
        rounds(100, new SplittableRandom().nextLong());
    }

    private void rounds(int rounds, long seed) throws Exception {
        System.out.println("churn: " + rounds + " rounds of seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> ports = FreePorts.draw(NODES);
        for (int id = 1; id <= NODES; id++) {
            nodes.add(new ChurnProcess(id, ports, directory));
            comeBack(nodes.get(id - 1));
        }
        for (int round = 0; round < rounds; round++) {
            ChurnProcess stays = nodes.get(round % NODES);
            comeBack(stays);
            awaitProgress(stays);
            for (int left = random.nextInt(1, 5); left > 0; left--) {
                ChurnProcess node = nodes.get((round + random.nextInt(1, NODES)) % NODES);
                act(node, random);
            }
        }
        nodes.forEach(this::comeBack);
        settle();
        judge();
    }

    private void act(ChurnProcess node, SplittableRandom random) throws Exception {
        String group = GROUPS.get(random.nextInt(GROUPS.size()));
        boolean othersAreUp = nodes.stream().allMatch(other -> other == node || other.isUp());
        int action = random.nextInt(10);
        if (!node.isUp()) {
            comeBack(node);
        } else if (action < 2 && othersAreUp) {
            note(node, "is killed");
            node.kill();
        } else if (action < 3 && othersAreUp) {
            note(node, "closes");
            node.end();
        } else if (action < 4 && othersAreUp) {
            note(node, "is killed and restarted");
            node.kill();
            node.start();
        } else if (action < 6) {
            tell(node, "leave " + group);
        } else if (action < 8) {
            tell(node, "join " + group);
        } else {
            tell(node, "leave " + group);
            tell(node, "join " + group);
            tell(node, "pause " + random.nextInt(60));
            tell(node, "leave " + group);
        }
    }

    private void note(ChurnProcess node, String action) {
        actions.add("n" + node.id() + " " + action);
    }

    private void tell(ChurnProcess node, String line) {
        note(node, line);
        node.tell(line);
    }

    /** Starts a node if it is down, and lets it join all groups. */
    private void comeBack(ChurnProcess node) {
        if (!node.isUp()) {
            note(node, "starts");
            node.start();
        }
        GROUPS.forEach(group -> tell(node, "join " + group));
    }

    /** Waits until a node has the state of all groups, and its messages become stable there. */
    private void awaitProgress(ChurnProcess node) {
        Map<String, Long> before = new TreeMap<>();
        await(
                () -> "node " + node.id() + " is in all groups",
                () -> GROUPS.stream()
                        .allMatch(group -> node.views().getOrDefault(group, "").contains("n" + node.id())));
        GROUPS.forEach(group -> before.put(group, node.stable(group)));
        await(
                () -> "messages of node " + node.id() + " become stable, after " + before,
                () -> GROUPS.stream().allMatch(group -> node.stable(group) > before.get(group)));
    }

    /** Waits until all are in one view of each group, and stops them. */
    private void settle() {
        await(() -> "one view of each group", () -> GROUPS.stream().allMatch(this::isOneView));
        nodes.forEach(node -> tell(node, "stop"));
        await(
                () -> "all receipts have come",
                () -> nodes.stream().allMatch(node -> node.lastLines().contains("quiet")));
    }

    private boolean isOneView(String group) {
        TreeSet<String> views = new TreeSet<>();
        nodes.forEach(node -> views.add(node.views().getOrDefault(group, "")));
        String view = views.first();
        return views.size() == 1
                && !view.contains("not primary")
                && nodes.stream().allMatch(node -> view.contains("n" + node.id()));
    }

    private void judge() {
        int[] dumps = {0};
        await(() -> "equal states", () -> {
            String number = Integer.toString(++dumps[0]);
            nodes.forEach(node -> node.tell("dump " + number));
            await(
                    () -> "a dump",
                    () -> nodes.stream().allMatch(node -> node.lastLines().contains("dumped " + number)));
            return GROUPS.stream()
                    .allMatch(group -> nodes.stream()
                                    .map(node -> node.state(group))
                                    .distinct()
                                    .count()
                            == 1);
        });
        for (String group : GROUPS) {
            assertTrue(isOneView(group), "a ghost is in " + group);
            List<String> state = nodes.get(0).state(group);
            HashSet<String> once = new HashSet<>(state);
            assertEquals(state.size(), once.size(), () -> "a message is twice in " + group);
            TreeSet<String> lost = new TreeSet<>();
            nodes.forEach(node -> lost.addAll(node.allStable(group)));
            int stable = lost.size();
            lost.removeAll(once);
            assertEquals(new TreeSet<>(), lost, () -> "lost of " + group + ", after " + actions);
            System.out.println("churn: " + state.size() + " messages in " + group + ", " + stable + " called stable");
        }
    }

    private void await(Supplier<String> what, BooleanSupplier condition) {
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(what.get() + ": not within " + PATIENCE + ", after " + actions + standing(), e);
        }
    }

    private String standing() {
        StringBuilder text = new StringBuilder();
        for (ChurnProcess node : nodes) {
            text.append("\nn")
                    .append(node.id())
                    .append(node.isUp() ? " is in " : " is down, was in ")
                    .append(node.views())
                    .append(": ")
                    .append(node.lastOutput());
        }
        return text.toString();
    }
}
