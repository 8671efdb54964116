package io.loggos.paxos.core.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.Recorder;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.Submission;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands on their way to the leader: each takes effect at most once, and none is forgotten. */
class SubmissionsTest {
    private static final Ballot FIRST = new Ballot(1, 2);
    private static final Ballot SECOND = new Ballot(2, 3);
    private static final long OTHER_SESSION = 5;

    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;

    @Test
    void leaderProposesItsOwnAndAnswersItsCaller() {
        Ballot ballot = lone.leadAndChoose();
        lone.propose("mine");
        lone.sync();
        lone.receive(3, new PaxosMessage.Accepted(ballot, 2));
        Recorder.Applied applied = out.applied.get(1);

        assertEquals(List.of("mine"), Lone.commands(applied.batch().bytes()));
        assertEquals(List.of("mine"), applied.callers());
    }

    @Test
    void commandsThatQueuedShareABatch() {
        lone.leadAndChoose();
        lone.submit("a", "a");
        lone.submit("b", "b");
        lone.turn();

        assertEquals(List.of("a", "b"), lastBatch());
    }

    /** A command larger than a batch gets a batch of its own. */
    @Test
    void batchesAreBounded() {
        lone.leadAndChoose();
        lone.submit("x".repeat(500), "large");
        lone.submit("y".repeat(100), "next");
        lone.turn();
        lone.sync();

        assertEquals(
                List.of(1, 1),
                out.to(2, PaxosMessage.Accept.class).stream()
                        .skip(1)
                        .map(accept -> Batch.parse(accept.batch()).count())
                        .toList());
    }

    @Test
    void followerForwardsToTheLeaderOfTheBallot() {
        lone.follow(FIRST);
        lone.propose("mine");
        PaxosMessage.Forward forward = only(out.to(2, PaxosMessage.Forward.class));

        assertEquals(FIRST, forward.ballot());
        assertEquals(Lone.SESSION, forward.session());
        assertEquals(1, forward.count());
    }

    /** A leader takes a command once, however often it comes. */
    @Test
    void repeatedForwardIsTakenOnce() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, forward(ballot, 1, 1, 1, 2));
        lone.receive(3, forward(ballot, 1, 2, 2, 3));
        lone.sync();
        lone.receive(2, new PaxosMessage.Accepted(ballot, 2));
        lone.applied(2);

        assertEquals(List.of("1", "2"), batchOf(1));
        assertEquals(List.of("3"), batchOf(2));
    }

    /** A command that its session calls settled is not taken, however late it comes. */
    @Test
    void settledForwardIsNotTaken() {
        Ballot ballot = lone.leadAndChoose();
        lone.receive(3, forward(ballot, 3, 1, 2, 3));

        assertEquals(List.of("3"), lastBatch());
    }

    /** A forward is for the leader of one ballot. In another ballot it might be proposed a second time. */
    @Test
    void forwardForAnotherBallotIsNotTaken() {
        lone.leadAndChoose();
        out.clearSent();
        lone.receive(3, forward(FIRST, 1, 1));

        assertEquals(List.of(), out.all(PaxosMessage.Accept.class));
    }

    /** A replica passes a forward on to the leader, a bounded number of times. */
    @Test
    void forwardIsPassedOnToTheLeader() {
        lone.follow(FIRST);
        PaxosMessage.Forward first = forward(FIRST, 1, 1);
        lone.receive(3, first);
        PaxosMessage.Forward passed = only(out.to(2, PaxosMessage.Forward.class));
        assertEquals(first.hops() - 1, passed.hops());

        out.clearSent();
        lone.receive(3, passed);
        lone.receive(2, first);
        assertEquals(List.of(), out.all(PaxosMessage.Forward.class));
    }

    /** A command may be lost with the leader. It is handed to the next one, as the same command. */
    @Test
    void commandIsHandedToTheNextLeader() {
        lone.follow(FIRST);
        lone.propose("mine");
        PaxosMessage.Forward first = only(out.to(2, PaxosMessage.Forward.class));
        lone.follow(SECOND);
        PaxosMessage.Forward second = only(out.to(3, PaxosMessage.Forward.class));

        assertEquals(SECOND, second.ballot());
        assertEquals(first.session(), second.session());
        assertEquals(first.commands(), second.commands());
    }

    /** The commands that a deposed leader proposed itself are handed to the next leader, too. */
    @Test
    void commandOfADeposedLeaderIsHandedToTheNextOne() {
        Ballot own = lone.lead();
        for (int i = 0; i < 5; i++) {
            lone.propose("command " + i + "x".repeat(100));
        }
        lone.follow(new Ballot(own.round() + 1, 3));

        assertEquals(5, only(out.to(3, PaxosMessage.Forward.class)).count());
    }

    /** A later leader may find the first copy. The first slot answers the caller, and the second has no effect. */
    @Test
    void commandInTwoSlotsIsAnsweredOnce() {
        lone.follow(FIRST);
        lone.propose("mine");
        choose(FIRST, 1, Lone.batch(Lone.SESSION, 1, "mine"));
        choose(FIRST, 2, Lone.batch(Lone.SESSION, 1, "mine"));

        assertEquals(List.of("mine"), out.applied.get(0).callers());
        assertNull(out.applied.get(1).callers());
    }

    /** A command with the same number, but of another life or node, is a different command. */
    @Test
    void commandOfAnotherSessionAnswersNobody() {
        lone.follow(FIRST);
        lone.propose("mine");
        choose(FIRST, 1, Lone.batch(OTHER_SESSION, 1, "other"));

        assertNull(out.applied.get(0).callers());
    }

    /** A forwarded command may be lost with its link. It is forwarded again in the same ballot, and taken once. */
    @Test
    void linkResetForwardsAgainInTheSameBallot() {
        lone.follow(FIRST);
        lone.propose("mine");
        lone.core.onOutgoingReset(NodeId.of(2), out);
        lone.turn();
        List<PaxosMessage.Forward> forwards = out.to(2, PaxosMessage.Forward.class);

        assertEquals(2, forwards.size());
        assertEquals(forwards.get(0), forwards.get(1));
    }

    @Test
    void commandThatFoundNoLeaderIsUnavailable() {
        lone.connected = false;
        lone.propose("mine");
        lone.tick(Lone.LIMITS.requestNanos());

        assertEquals(List.of(new Recorder.Failed("mine", Effects.Failure.UNAVAILABLE)), out.failed);
    }

    /** An outcome that cannot be known is reported as unknown. */
    @Test
    void commandThatWasSentIsUnknown() {
        lone.follow(FIRST);
        lone.propose("mine");
        lone.connected = false;
        lone.tick(Lone.LIMITS.requestNanos());

        assertEquals(List.of(new Recorder.Failed("mine", Effects.Failure.OUTCOME_UNKNOWN)), out.failed);
    }

    /** A command in the queue of the proposer here may still be proposed. */
    @Test
    void commandInTheOwnQueueIsUnknown() {
        lone.lead();
        out.room = false;
        lone.propose("mine");
        lone.tick(Lone.LIMITS.requestNanos());

        assertEquals(List.of(new Recorder.Failed("mine", Effects.Failure.OUTCOME_UNKNOWN)), out.failed);
    }

    /** A checkpoint may cover the slot in which a command took effect, and with it the answer. */
    @Test
    void commandThatACheckpointMayCoverIsUnknown() {
        lone.follow(FIRST);
        lone.propose("mine");
        lone.core.onCheckpointInstalled(9, null, 0, out);

        assertEquals(List.of(new Recorder.Failed("mine", Effects.Failure.OUTCOME_UNKNOWN)), out.failed);
    }

    /**
     * RULES.md B-1: a leader holds a bounded number of bytes. A command without room is not taken, and may come again.
     */
    @Test
    void fullQueueTakesNoMoreAndForgetsNothing() {
        Ballot ballot = lone.lead();
        String large = "x".repeat(900);
        for (int i = 0; i < 8; i++) {
            lone.propose(large);
        }
        assertTrue(out.notes.contains(PaxosEvent.QUEUE_FULL));
        for (long slot = 1; slot <= 9; slot++) {
            lone.sync();
            lone.receive(2, new PaxosMessage.Accepted(ballot, slot));
        }
        lone.sync();

        assertEquals(
                8,
                out.applied.stream()
                        .mapToInt(applied -> applied.batch().count())
                        .sum());
        assertFalse(out.notes.contains(PaxosEvent.STEPS_DOWN));
    }

    private void choose(Ballot ballot, long slot, Bytes value) {
        lone.receive(ballot.node(), new PaxosMessage.Accept(ballot, slot, 0, value));
        lone.receive(ballot.node(), new PaxosMessage.Chosen(ballot, slot));
    }

    /** Returns a forward of commands whose payload is their sequence. */
    private static PaxosMessage.Forward forward(Ballot ballot, long lowest, long... sequences) {
        ByteWriter writer = new ByteWriter(64);
        for (long sequence : sequences) {
            Submission command = new Submission(OTHER_SESSION, sequence, Bytes.utf8(Long.toString(sequence)), null, 0);
            command.lowest = Math.min(lowest, sequence);
            command.writeTo(writer);
        }
        return new PaxosMessage.Forward(ballot, OTHER_SESSION, lowest, 2, sequences.length, writer.toBytes());
    }

    private List<String> batchOf(int position) {
        return Lone.commands(out.to(2, PaxosMessage.Accept.class).get(position).batch());
    }

    private List<String> lastBatch() {
        return batchOf(out.to(2, PaxosMessage.Accept.class).size() - 1);
    }

    private static <T> T only(List<T> list) {
        assertEquals(1, list.size());
        return list.get(0);
    }
}
