package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.replica.ReplicaOptions;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.paxos.sim.predicate.TestMachine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RULES.md B-8: state machines that are not deterministic, on whole nodes. C leads, and digests are of every 5 slots. */
public class DivergenceTest {
    private static final int EVERY = 5;
    private static final Pattern RANGE =
            Pattern.compile("DIVERGED in slots (\\d+) to (\\d+): its digest of the (\\w+) ");

    private Scenario scenario = scenario(options(1_000));

    private static ReplicaOptions.Builder options(long checkpointSlots) {
        return ReplicaOptions.builder()
                .digestEvery(EVERY)
                .checkpointEvery(checkpointSlots, 1 << 20)
                .retainedSlots(0)
                .requestTimeout(Duration.ofSeconds(5));
    }

    private static Scenario scenario(ReplicaOptions.Builder options) {
        return new Scenario(SimSettings.calm(3).with(options.build()), 'C', 8);
    }

    private static final List<Consumer<DivergenceTest>> SCENARIOS = List.of(
            DivergenceTest::followerThatAnswersOtherwiseHalts,
            DivergenceTest::leaderThatAnswersOtherwiseHalts,
            DivergenceTest::replicaThatKeepsSomethingElseHalts,
            DivergenceTest::allHaltIfEachDiffers,
            DivergenceTest::twoThatDifferHaltWithoutTheThird,
            DivergenceTest::thirdReplicaDecidesBetweenTwo,
            DivergenceTest::replicaIsWellAgainBehindASoundCheckpoint,
            DivergenceTest::differenceIsInTheCheckpoint,
            DivergenceTest::replicaIsWellAgainWithoutItsCheckpoints);

    /** Runs all scenarios inside the class loader of a mutant. Returns what has failed first, or an empty text. */
    public static String firstViolation(long first, int count) {
        for (Consumer<DivergenceTest> each : SCENARIOS) {
            try {
                each.accept(new DivergenceTest());
            } catch (AssertionError | RuntimeException failure) {
                return String.valueOf(failure.getMessage()).lines().findFirst().orElse("") + " in a scenario";
            }
        }
        return "";
    }

    private TestMachine machine(char letter) {
        return scenario.node(letter).machine();
    }

    private @Nullable String halted(char letter) {
        return scenario.status(letter).halted();
    }

    private void write(char writer, int count) {
        for (int i = 0; i < count; i++) {
            scenario.writes(writer, 20);
        }
    }

    private void diverges(char letter, String subject, long slot) {
        scenario.within(30, letter + " halts", () -> halted(letter) != null);
        String reason = String.valueOf(halted(letter));
        Matcher range = RANGE.matcher(reason);
        assertTrue(range.find() && range.group(3).equals(subject), reason);
        long from = Long.parseLong(range.group(1));
        long through = Long.parseLong(range.group(2));
        assertTrue(from <= slot && slot <= through, () -> reason + " is not about slot " + slot);
        assertTrue(through - from < 2 * EVERY, reason);
    }

    /** These replicas have not halted, and their digests agree to the end. */
    private void goOn(char... letters) {
        write(letters[0], 2 * EVERY);
        for (char letter : letters) {
            scenario.within(
                    20,
                    letter + " agrees",
                    () -> scenario.status(letter).agreedSlot().value()
                            > scenario.cluster().ghost().chosenPrefix() - EVERY);
            assertNull(halted(letter));
        }
    }

    private void oddOneOutHalts(char odd, char writer, char other, String subject, Consumer<TestMachine> plant) {
        goOn(writer, other, odd);
        plant.accept(machine(odd));
        long slot = machine(odd).slot() + 1;
        write(writer, EVERY);
        diverges(odd, subject, slot);
        goOn(writer, other);
    }

    @Test
    void followerThatAnswersOtherwiseHalts() {
        oddOneOutHalts('B', 'C', 'A', "answers", machine -> machine.answersWrongly(1));
    }

    @Test
    void leaderThatAnswersOtherwiseHalts() {
        oddOneOutHalts('C', 'A', 'B', "answers", machine -> machine.answersWrongly(1));
    }

    @Test
    void replicaThatKeepsSomethingElseHalts() {
        oddOneOutHalts('A', 'C', 'B', "state", machine -> machine.keepsWrongly(1));
    }

    @Test
    void allHaltIfEachDiffers() {
        goOn('A', 'B', 'C');
        machine('A').answersWrongly(1);
        machine('B').answersWrongly(2);
        long slot = machine('C').slot() + 1;
        for (int i = 0; i < EVERY; i++) {
            CompletableFuture<?> unused = scenario.write('C');
            scenario.rest(0.5);
        }
        List.of('A', 'B', 'C').forEach(letter -> diverges(letter, "answers", slot));
    }

    /** Nobody can tell which of the two is wrong. */
    @Test
    void twoThatDifferHaltWithoutTheThird() {
        goOn('A', 'B', 'C');
        scenario.node('B').crash(true);
        machine('A').answersWrongly(1);
        long slot = machine('A').slot() + 1;
        write('C', EVERY);
        assertNull(halted('A'));
        assertNull(halted('C'));
        diverges('A', "answers", slot);
        diverges('C', "answers", slot);
    }

    @Test
    void thirdReplicaDecidesBetweenTwo() {
        goOn('A', 'B', 'C');
        scenario.node('B').crash(true);
        machine('A').answersWrongly(1);
        long slot = machine('A').slot() + 1;
        write('C', EVERY);
        scenario.node('B').start();
        diverges('A', "answers", slot);
        goOn('C', 'B');
    }

    /** The next life applies the commands again, and does it right. */
    @Test
    void replicaIsWellAgainBehindASoundCheckpoint() {
        oddOneOutHalts('B', 'C', 'A', "answers", machine -> machine.answersWrongly(1));
        scenario.node('B').crash(false);
        scenario.node('B').start();
        goOn('C', 'A', 'B');
    }

    /** Lets B diverge, take a checkpoint of that, and go down. */
    private void divergesWithACheckpoint(long retainedSlots) {
        scenario = scenario(options(1).retainedSlots(retainedSlots));
        goOn('C', 'A', 'B');
        while (scenario.cluster().ghost().chosenPrefix() % EVERY != 0) {
            write('C', 1);
        }
        scenario.rest(1);
        machine('B').answersWrongly(1);
        long slot = machine('B').slot() + 1;
        write('C', 1);
        scenario.rest(1);
        write('C', 1);
        scenario.within(1, "a checkpoint of B", () -> scenario.node('B').newestCheckpoint() >= slot);
        write('C', EVERY);
        diverges('B', "answers", slot);
        scenario.node('B').crash(false);
    }

    /** The digest goes on from the checkpoint, so the next life is found out as well. */
    @Test
    void differenceIsInTheCheckpoint() {
        divergesWithACheckpoint(1_000);
        scenario.node('B').start();
        write('C', 2 * EVERY);
        scenario.within(30, "B halts", () -> halted('B') != null);
        assertTrue(RANGE.matcher(String.valueOf(halted('B'))).find());
        goOn('C', 'A');
    }

    /** It applies the log again, or begins with a peer's checkpoint. */
    @Test
    void replicaIsWellAgainWithoutItsCheckpoints() {
        replicaIsWellAgainWithoutItsCheckpoints(1_000);
        replicaIsWellAgainWithoutItsCheckpoints(0);
    }

    private void replicaIsWellAgainWithoutItsCheckpoints(long retainedSlots) {
        divergesWithACheckpoint(retainedSlots);
        scenario.node('B').deleteCheckpoints();
        scenario.node('B').start();
        goOn('C', 'A', 'B');
    }
}
