package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.testkit.Mutant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Planned changes of the leader in a calm cluster: nobody's call fails, and nobody waits for an election. */
public class TransferScenarioTest {
    private static final List<Character> ALL = List.of('A', 'B', 'C');
    private static final List<Consumer<TransferScenarioTest>> SCENARIOS = List.of(
            TransferScenarioTest::noCallFailsInATransfer,
            TransferScenarioTest::readsGoToTheNewLeader,
            TransferScenarioTest::leaderThatIsClosedHandsOver,
            TransferScenarioTest::closeEndsInTimeWithoutAPeer);

    private final Scenario scenario = new Scenario(3, 'C', 21);

    /** Runs all scenarios inside the class loader of a mutant. Returns what has failed first, or an empty text. */
    public static String firstViolation(long first, int count) {
        for (Consumer<TransferScenarioTest> scenario : SCENARIOS) {
            try {
                scenario.accept(new TransferScenarioTest());
            } catch (AssertionError | RuntimeException failure) {
                return String.valueOf(failure.getMessage()).lines().findFirst().orElse("") + " in a scenario";
            }
        }
        return "";
    }

    private static boolean allDone(List<CompletableFuture<?>> calls) {
        return calls.stream().allMatch(CompletableFuture::isDone);
    }

    /** The leader goes from node to node under writes at all nodes. */
    @Test
    void noCallFailsInATransfer() {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (char target : List.of('A', 'B', 'C', 'B')) {
            ALL.forEach(writer -> calls.add(scenario.write(writer)));
            CompletableFuture<Void> transfer = scenario.transfer(target);
            for (int i = 0; i < 20; i++) {
                ALL.forEach(writer -> calls.add(scenario.write(writer)));
                scenario.rest(0.01);
            }
            scenario.within(0.5, "the transfer", () -> transfer.isDone() && allDone(calls));
            transfer.join();
            calls.forEach(CompletableFuture::join);
            assertTrue(scenario.leads(target));
        }
        scenario.rest(20);
        assertEquals(5, scenario.leaderChanges());
    }

    /** The gap at the clients is that of a few messages and writes, far below an election timeout of a second. */
    @Test
    void gapOfATransferIsShort() {
        long[] last = {0, 0};
        for (int step = 0; step < 1_000; step++) {
            if (step == 300) {
                CompletableFuture<Void> unused = scenario.transfer('A');
            }
            CompletableFuture<?> unused = scenario.write(step % 2 == 0 ? 'B' : 'A')
                    .thenRun(() -> {
                        long now = scenario.cluster().time.nanos();
                        last[1] = last[0] == 0 ? 0 : Math.max(last[1], now - last[0]);
                        last[0] = now;
                    });
            scenario.rest(0.001);
        }
        System.out.println("longest gap of a transfer, virtual: " + last[1] / 1_000 + " us");
        assertTrue(scenario.leads('A'));
        assertTrue(last[1] <= 50_000_000, () -> "a gap of " + last[1] + " ns");
    }

    /** A read that the old leader has not answered asks the new one at once. */
    @Test
    void readsGoToTheNewLeader() {
        scenario.writes('A', 4);
        CompletableFuture<Void> transfer = scenario.transfer('A');
        List<CompletableFuture<?>> reads = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            ALL.forEach(reader -> reads.add(scenario.read(reader)));
            scenario.rest(0.002);
        }
        scenario.within(0.1, "the reads", () -> transfer.isDone() && allDone(reads));
        reads.forEach(CompletableFuture::join);
    }

    /** RULES.md P-18. An election would take an election timeout. */
    @Test
    void leaderThatIsClosedHandsOver() {
        scenario.writes('C', 4);
        scenario.node('C').closeReplica();
        scenario.within(0.05, "another leader", () -> scenario.leads('A') || scenario.leads('B'));
        scenario.writes('A', 0.2);
        scenario.node('C').reopenReplica();
        scenario.rest(0.2);
        scenario.writes('C', 1);
    }

    /** A leader whose peers have just fallen silent waits for them no longer than an election would take. */
    @Test
    void closeEndsInTimeWithoutAPeer() {
        scenario.node('A').crash(true);
        scenario.node('B').crash(true);
        scenario.node('C').closeReplica();
        scenario.rest(1.2);
        scenario.node('C').reopenReplica();
        assertTrue(scenario.node('C').isServing());
    }

    static List<Mutant> mutants() {
        return List.of(
                new Mutant(
                        "a leader that is closed just goes",
                        "OpenLogs.java",
                        "process.isOpen() && process.core().leads()",
                        "process.isRetired()"),
                new Mutant(
                        "reads wait for the answer of the leader before",
                        "RequestRouting.java",
                        "linkReset || !election.leader().equals(lastLeader)",
                        "linkReset"),
                new Mutant(
                        "an invitation waits for the next election",
                        "Leadership.java",
                        "election.shouldCampaign(now) || isInvited(now)",
                        "election.shouldCampaign(now)"));
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void isCaught(Mutant mutant, @TempDir Path directory) throws IOException, ReflectiveOperationException {
        mutant.mustBeCaught(directory, TransferScenarioTest.class, 0, 1);
    }
}
