package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.Slot;
import io.loggos.api.node.Node;
import io.loggos.api.node.SlotNotSkippedException;
import io.loggos.api.replica.Command;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.paxos.sim.SimCluster;
import io.loggos.paxos.sim.SimNode;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.testkit.Mutant;
import io.loggos.testkit.TextMachine;
import io.loggos.testkit.Violation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * RULES.md B-11: a command halts all replicas, or all but one. An operator asks for its slot to be skipped, while nodes are
 * killed and links break.
 */
public class SkipScenarioTest {
    private static final int SEEDS = Integer.getInteger("skip.seeds", 8);
    private static final String LOG = "text";
    private static final Bytes POISON = Bytes.utf8("!");
    private static final ReplicaOptions OPTIONS = ReplicaOptions.builder()
            .checkpointEvery(4, 1 << 20)
            .retainedSlots(0)
            .requestTimeout(Duration.ofSeconds(5))
            .build();

    /** The slot of the poison was both applied and skipped, or replicas differ. */
    private static final String AGREEMENT = "B-11";

    /** One run, which is a function of its seed. */
    private static final class Run {
        private final SplittableRandom random;
        private final SimCluster cluster;
        private final TreeMap<NodeId, Member> members = new TreeMap<>();
        /** The node at which the poison does no harm; 0 if it does at all. */
        private final int immune;

        private final TreeSet<Integer> appliedAt = new TreeSet<>();
        private final List<CompletableFuture<Void>> asked = new ArrayList<>();
        private long slot;

        Run(long seed) {
            random = new SplittableRandom(seed);
            immune = seed % 4 == 3 ? 1 + random.nextInt(3) : 0;
            cluster = new SimCluster(SimSettings.calm(3), random.split(), true);
            cluster.onStart((node, life) -> {
                Text machine = new Text(node.id.value());
                members.put(node.id, new Member(machine, life, life.replicate(LOG, machine, OPTIONS)));
            });
        }

        /** Text to which each command adds, but for the poison. */
        private final class Text extends TextMachine {
            private final int node;

            Text(int node) {
                this.node = node;
            }

            @Override
            public Bytes apply(Command command) {
                if (command.payload().equals(POISON)) {
                    slot = command.slot().value();
                    if (node != immune) {
                        text += "half of it"; // The state is in doubt.
                        throw new IllegalStateException("poison");
                    }
                    appliedAt.add(node);
                }
                return super.apply(command);
            }
        }

        private record Member(Text machine, Node life, Replica replica) {
            boolean isHalted() {
                return replica.status().halted() != null;
            }
        }

        private Member member(SimNode node) {
            return Objects.requireNonNull(members.get(node.id));
        }

        private void within(double electionTimeouts, String what, BooleanSupplier condition) {
            long most = (long) (electionTimeouts * cluster.settings().electionNanos());
            if (cluster.runUntilTrue(most, condition) < 0) {
                throw new Violation(AGREEMENT, what + " takes more than " + electionTimeouts + " election timeouts");
            }
        }

        private void write(SimNode node, String text) {
            CompletableFuture<?> written = member(node).replica().propose(Bytes.utf8(text));
            within(20, "the write of " + text, written::isDone);
            if (written.isCompletedExceptionally()) {
                throw new Violation(AGREEMENT, "the write of " + text + " fails; " + states());
            }
        }

        private List<String> states() {
            return cluster.nodes().stream()
                    .filter(SimNode::isUp)
                    .map(node -> node.id + " " + member(node).replica().status())
                    .toList();
        }

        /** All members that the poison harms have halted. */
        private boolean isHaltedEverywhere() {
            return cluster.nodes().stream()
                    .allMatch(node -> node.id.value() == immune
                            ? !appliedAt.isEmpty()
                            : member(node).isHalted());
        }

        private void poison() {
            cluster.startAll();
            for (String text : List.of("a", "b", "c", "d", "e", "f")) {
                write(cluster.node(1 + random.nextInt(3)), text);
            }
            CompletableFuture<?> unused =
                    member(cluster.node(1 + random.nextInt(3))).replica().propose(POISON);
            within(20, "the halt", this::isHaltedEverywhere);
        }

        private void trouble() {
            int steps = 5 + random.nextInt(15);
            for (int i = 0; i < steps; i++) {
                SimNode node = cluster.node(1 + random.nextInt(3));
                switch (random.nextInt(6)) {
                    case 0 -> node.crash(immune == 0 && random.nextBoolean());
                    case 1 -> cluster.network.cutBoth(node.id, NodeId.of(node.id.value() % 3 + 1));
                    case 2 -> cluster.network.healAll();
                    case 3 -> ask(node);
                    default -> {
                        if (!node.isUp()) {
                            node.start();
                        }
                    }
                }
                cluster.runFor(random.nextLong(cluster.settings().electionNanos()));
                check();
            }
        }

        private void ask(SimNode node) {
            if (node.isUp()) {
                asked.add(member(node).life().skip(LOG, Slot.of(slot), Set.of()));
            }
        }

        private boolean isSkipped() {
            return asked.stream().anyMatch(each -> each.isDone() && !each.isCompletedExceptionally());
        }

        private void check() {
            if (isSkipped() && !appliedAt.isEmpty()) {
                throw new Violation(AGREEMENT, "slot " + slot + " is skipped, and applied at " + appliedAt);
            }
        }

        private boolean isAskedOut() {
            return asked.get(asked.size() - 1).isDone();
        }

        /** Everything is repaired, and the operator does what OPERATIONS.md says. */
        private void end() {
            cluster.network.healAll();
            cluster.nodes().stream().filter(node -> !node.isUp()).forEach(SimNode::start);
            cluster.runFor(4 * cluster.settings().electionNanos());
            if (immune != 0) {
                SimNode halted = cluster.node(immune % 3 + 1);
                within(20, "another halt", () -> member(halted).isHalted() || waitsAtSlot(halted));
                ask(halted);
                within(20, "the refusal", this::isAskedOut);
                within(20, "the halt of all but one", this::isHaltedEverywhere);
                check();
                return;
            }
            for (int tries = 0; !isSkipped() && !isPassed(); tries++) {
                if (tries == 9) {
                    throw new Violation(AGREEMENT, "slot " + slot + " cannot be skipped: " + asked);
                }
                ask(cluster.node(1 + tries % 3));
                within(20, "an answer", this::isAskedOut);
            }
            cluster.nodes().stream().filter(node -> member(node).isHalted()).forEach(node -> {
                node.crash(false);
                node.start();
            });
            within(20, "all get past the slot", () -> cluster.nodes().stream().allMatch(this::isPast));
            cluster.nodes().forEach(node -> write(node, String.valueOf(node.id.value())));
            within(
                    10,
                    "the same text at all",
                    () -> cluster.nodes().stream()
                            .allMatch(node -> member(node).machine().text.equals("abcdef123")));
            check();
        }

        private boolean waitsAtSlot(SimNode node) {
            return ("the agreement of all replicas to skip slot " + slot)
                    .equals(member(node).replica().status().waitsFor());
        }

        /** A decision may have been made without its asker knowing. */
        private boolean isPassed() {
            return cluster.nodes().stream().anyMatch(this::isPast);
        }

        private boolean isPast(SimNode node) {
            return member(node).replica().status().appliedSlot().value() >= slot;
        }
    }

    private static void run(long seed) {
        Run run = new Run(seed);
        run.poison();
        run.trouble();
        run.end();
    }

    /** Runs scenarios inside the class loader of a mutant. */
    public static String firstViolation(long firstSeed, int seeds) {
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            try {
                run(seed);
            } catch (Violation violation) {
                return violation.predicate() + " at seed " + seed;
            }
        }
        return "";
    }

    @Test
    void slotIsSkippedByAllOrByNone() {
        for (long seed = 0; seed < SEEDS; seed++) {
            try {
                run(seed);
            } catch (Violation violation) {
                throw new AssertionError("at seed " + seed, violation);
            }
        }
    }

    /** The callers of the commands hear of it, as far as they still wait. */
    @Test
    void commandOfASkippedSlotHasFailed() {
        Run run = new Run(0);
        run.poison();
        run.cluster.nodes().forEach(node -> node.crash(true));
        run.cluster.startAll();
        run.within(10, "the halt", run::isHaltedEverywhere);
        run.ask(run.cluster.node(1));
        run.within(1, "the decision", run::isAskedOut);
        run.asked.get(0).join();
        for (SimNode node : run.cluster.nodes()) {
            node.crash(false);
            node.start();
        }
        run.write(run.cluster.node(2), "g");
        assertEquals("abcdefg", run.member(run.cluster.node(2)).machine().text);
    }

    /** A request can be repeated when the missing node is back. Until then nobody goes on. */
    @Test
    void slotIsHeldUntilAllHaveAgreed() {
        Run run = new Run(0);
        run.poison();
        run.cluster.node(3).crash(true);
        run.ask(run.cluster.node(1));
        run.within(10, "the end of the request", run::isAskedOut);
        CompletionException refused = assertThrows(CompletionException.class, run.asked.get(0)::join);
        assertInstanceOf(SlotNotSkippedException.class, refused.getCause());
        for (int id : new int[] {1, 2}) {
            run.cluster.node(id).crash(true);
            run.cluster.node(id).start();
        }
        run.within(
                10,
                "the wait",
                () -> run.cluster.nodes().stream().filter(SimNode::isUp).allMatch(run::waitsAtSlot));
        run.cluster.node(3).start();
        run.within(
                10,
                "the halt of the third",
                () -> run.member(run.cluster.node(3)).isHalted());
        run.ask(run.cluster.node(1));
        run.within(1, "the decision", run::isAskedOut);
        run.asked.get(1).join();
        run.write(run.cluster.node(1), "g");
        run.write(run.cluster.node(2), "h");
    }

    /** {@code SkipsTest} has those that only a window of a few events shows. */
    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "a replica agrees though it has applied the slot",
                        "Skips.java",
                        "haltedAt == 0 ? slot <= applied : slot < haltedAt",
                        "slot < 0"),
                new Mutant(
                        "the slot is skipped once one replica has agreed",
                        "Skips.java",
                        "open.missing().remove(from)\n                && open.missing().isEmpty()",
                        "open.missing().remove(from)"),
                new Mutant(
                        "a decision is forgotten in the next life",
                        "Skips.java",
                        "if (step != Step.WITHDRAWN) {",
                        "if (step == Step.AGREED) {"),
                new Mutant(
                        "a decision is not told to those that come back",
                        "Skips.java",
                        "if (step == Step.DECIDED) {\n                out.sendNow(peer",
                        "if (step == Step.ASKED) {\n                out.sendNow(peer"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, SkipScenarioTest.class, 0, SEEDS);
    }
}
