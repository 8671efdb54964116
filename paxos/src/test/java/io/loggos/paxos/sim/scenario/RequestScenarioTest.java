package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.api.OutcomeUnknownException;
import io.loggos.api.RequestId;
import io.loggos.api.Slot;
import io.loggos.api.replica.CommandFailedException;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.api.replica.RequestTooOldException;
import io.loggos.api.replica.Result;
import io.loggos.paxos.sim.SimSettings;
import io.loggos.paxos.sim.predicate.TestMachine;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** A command's outcome is asked again by its id: over leaders, restarts and checkpoints, and when it is too late. */
class RequestScenarioTest {
    private static final RequestId ID = new RequestId(Slot.ZERO, new UUID(1, 2));
    private static final Bytes COMMAND = TestMachine.set(7, 77, 0);

    private final Scenario scenario = new Scenario(
            SimSettings.calm(3)
                    .with(ReplicaOptions.builder()
                            .requestTimeout(Duration.ofSeconds(3))
                            .checkpointEvery(5, 1 << 20)
                            .retainedSlots(0)
                            .answerRetention(Duration.ofMinutes(1))
                            .build()),
            'C',
            5);

    private CompletableFuture<Result<Bytes>> ask(char letter) {
        scenario.cluster().ghost().proposed(77);
        return scenario.node(letter).replica().propose(COMMAND, ID);
    }

    private Result<Bytes> answer(char letter) {
        CompletableFuture<Result<Bytes>> call = ask(letter);
        scenario.within(6, "an answer", call::isDone);
        return call.join();
    }

    private <X extends RuntimeException> X failure(Class<X> type, CompletableFuture<?> call) {
        scenario.within(6, "a failure", call::isDone);
        return assertInstanceOf(
                type, assertThrows(CompletionException.class, call::join).getCause());
    }

    /** A log could not tell for how long it knows such an id. */
    @Test
    void idOfASlotThatIsNotAppliedHasNoEffect() {
        scenario.cluster().ghost().proposed(77);
        RequestId late = new RequestId(Slot.of(1L << 40), new UUID(3, 4));
        failure(CommandFailedException.class, scenario.node('A').replica().propose(COMMAND, late));
        failure(CommandFailedException.class, scenario.node('B').replica().propose(COMMAND, late));
    }

    /** The first answer says what was there before. Another effect would find the command's own value. */
    @Test
    void everyNodeGivesTheFirstAnswerOverLeadersAndCheckpoints() {
        Result<Bytes> first = answer('A');
        for (int i = 0; i < 12; i++) {
            scenario.writes('B', 4);
        }
        assertEquals(first, answer('B'));
        assertEquals(first, answer('C'));

        for (char letter : new char[] {'C', 'A', 'B'}) {
            scenario.node(letter).crash(true);
            scenario.rest(8);
            scenario.node(letter).start();
            scenario.rest(8);
            assertEquals(first, answer(letter));
        }
    }

    /** The exception names the id, and the same id at another node tells the outcome. */
    @Test
    void unknownOutcomeIsAskedAgain() {
        scenario.writes('C', 4);
        scenario.onlyLinks("AB");
        CompletableFuture<Result<Bytes>> lost = ask('C');
        OutcomeUnknownException unknown = failure(OutcomeUnknownException.class, lost);
        assertEquals(ID, unknown.requestId().orElseThrow());

        scenario.heal();
        scenario.rest(10);
        Result<Bytes> first = answer('A');
        assertEquals(first, answer('C'));
    }

    private Optional<Result<Bytes>> outcome(char letter) {
        CompletableFuture<Optional<Result<Bytes>>> asked =
                scenario.node(letter).replica().outcome(ID);
        scenario.within(6, "an outcome", asked::isDone);
        return asked.join();
    }

    /** The question has no effect, and a node that has just lost its leader asks the next one. */
    @Test
    void outcomeIsKnownAtEveryNodeAndProposesNothing() {
        scenario.writes('A', 4);
        assertEquals(Optional.empty(), outcome('A'));
        Result<Bytes> first = answer('B');
        long slots = scenario.cluster().ghost().chosenPrefix();
        for (char letter : new char[] {'A', 'B', 'C'}) {
            assertEquals(Optional.of(first), outcome(letter));
        }
        assertEquals(slots, scenario.cluster().ghost().chosenPrefix());
        scenario.node('C').crash(true);
        assertEquals(Optional.of(first), outcome('A'));
    }

    /** RULES.md SS-1: log time decides. A command without an effect is not executed late, either. */
    @Test
    void idOfForgottenTimesIsRefused() {
        answer('A');
        scenario.writes('A', 4);
        scenario.rest(70);
        RequestId other = new RequestId(Slot.of(scenario.cluster().ghost().chosenPrefix()), new UUID(3, 4));
        scenario.cluster().ghost().proposed(78);
        CompletableFuture<Result<Bytes>> fresh = scenario.node('B').replica().propose(TestMachine.set(7, 78, 0), other);
        scenario.within(6, "an answer", fresh::isDone);
        fresh.join();

        failure(RequestTooOldException.class, ask('A'));
        failure(RequestTooOldException.class, scenario.node('B').replica().outcome(ID));
    }
}
