package io.loggos.paxos.core.skip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.Recorder;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.PaxosMessage.Skip;
import io.loggos.paxos.core.model.PaxosMessage.Skip.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** RULES.md B-11: one replica's part in the agreement to skip a slot. The test plays the peers and the operator. */
class SkipsTest {
    private static final NodeId PEER = NodeId.of(2);
    private static final NodeId OTHER = NodeId.of(3);

    private final List<String> ends = new ArrayList<>();
    /** The nodes to which there are links, besides the members of the log. */
    private final Set<NodeId> linked = new TreeSet<>();

    /** A replica whose log has three chosen slots. */
    private static Lone replica(LogEntry... skips) {
        List<LogEntry> entries = new ArrayList<>();
        for (long slot = 1; slot <= 3; slot++) {
            entries.add(LogEntry.of(slot, new Ballot(1, 1), Lone.batch(9, slot, "command " + slot)));
        }
        RecoveredLog recovered = new RecoveredLog(new Ballot(1, 1), 3, 1, List.of(), null);
        Lone lone = new Lone(3, Lone.SESSION, recovered, 0, List.of(skips), Lone.LIMITS);
        lone.core.onLogRead(null, 1, entries, lone.out);
        lone.turn();
        return lone;
    }

    private static LogEntry written(long slot, Step step) {
        return LogEntry.of(slot, new Ballot(5, 1), Bytes.wrap(new byte[] {(byte) step.code()}));
    }

    private static List<Step> steps(Lone lone, NodeId to) {
        return lone.out.to(to.value(), Skip.class).stream().map(Skip::step).toList();
    }

    private static List<Step> written(Lone lone) {
        return lone.out.writes.stream()
                .filter(write -> write.log().equals(Skips.recordsOf(Lone.LOG)))
                .map(write -> Step.ofCode(((LogRecord.Accepted) write).value().at(0)))
                .toList();
    }

    private static List<Long> applied(Lone lone) {
        return lone.out.applied.stream().map(Recorder.Applied::slot).toList();
    }

    private static void receive(Lone lone, NodeId from, long slot, Step step) {
        lone.receive(from.value(), new Skip(slot, step));
    }

    private void ask(Lone lone, long slot, Integer... without) {
        Set<NodeId> lost = Set.of(without).stream().map(NodeId::of).collect(Collectors.toSet());
        lone.core
                .skips()
                .begin(
                        slot,
                        linked,
                        lost,
                        end -> ends.add(end == null ? "skipped" : end),
                        lone.now() + Lone.LIMITS.requestNanos(),
                        lone.out);
    }

    /** The state machine of the replica has thrown at a slot. */
    private static Lone halted(long slot) {
        Lone lone = replica();
        lone.core.onApplied(slot - 1, 0);
        lone.core.retire(slot, lone.out);
        return lone;
    }

    @Test
    void replicaAnswersOnlyWhenItsStateMachineHasApplied() {
        Lone lone = replica();
        receive(lone, PEER, 2, Step.ASKED);
        assertEquals(List.of(), steps(lone, PEER));
        lone.applied(1);
        assertEquals(List.of(), steps(lone, PEER));
        lone.applied(2);
        assertEquals(List.of(Step.APPLIED), steps(lone, PEER));
        receive(lone, OTHER, 1, Step.ASKED);
        assertEquals(List.of(Step.APPLIED), steps(lone, OTHER));
        assertEquals(List.of(), written(lone));
    }

    @Test
    void replicaWhoseStateMachineThrowsAtTheSlotAgrees() {
        Lone lone = replica();
        receive(lone, PEER, 2, Step.ASKED);
        lone.core.onApplied(1, 0);
        lone.core.retire(2, lone.out);
        assertEquals(List.of(Step.AGREED), steps(lone, PEER));
        assertEquals(List.of(Step.AGREED), written(lone));
        assertTrue(lone.out.sent.stream()
                .filter(sent -> sent.message() instanceof Skip)
                .allMatch(Recorder.Sent::durable));
        receive(lone, OTHER, 1, Step.ASKED);
        assertEquals(List.of(Step.APPLIED), steps(lone, OTHER));
    }

    @Test
    void allMustAgreeBeforeTheDecision() {
        Lone lone = halted(2);
        ask(lone, 2);
        lone.sync();
        receive(lone, PEER, 2, Step.AGREED);
        receive(lone, PEER, 2, Step.AGREED);
        assertEquals(List.of(Step.AGREED), written(lone));
        receive(lone, OTHER, 2, Step.AGREED);
        assertEquals(List.of(Step.AGREED, Step.DECIDED), written(lone));
        assertEquals(List.of(), ends);
        assertEquals(List.of(Step.ASKED), steps(lone, PEER));
        lone.sync();
        assertEquals(List.of("skipped"), ends);
        assertEquals(List.of(Step.ASKED, Step.DECIDED), steps(lone, PEER));
        ask(lone, 2);
        assertEquals(List.of("skipped", "skipped"), ends);
    }

    @Test
    void replicaThatHasAppliedTheSlotEndsTheRequest() {
        Lone lone = halted(2);
        ask(lone, 2);
        receive(lone, OTHER, 2, Step.APPLIED);
        assertEquals(List.of("node 3 has applied slot 2, so it cannot be skipped"), ends);
        assertEquals(List.of(Step.AGREED, Step.WITHDRAWN), written(lone));
        assertEquals(List.of(Step.ASKED, Step.WITHDRAWN), steps(lone, PEER));
        receive(lone, PEER, 2, Step.AGREED);
        lone.sync();
        assertEquals(List.of(Step.AGREED, Step.WITHDRAWN), written(lone));
    }

    @Test
    void requestThatCannotBeMetIsRefused() {
        Lone lone = replica();
        ask(lone, 2);
        lone = halted(2);
        ask(lone, 3);
        ask(lone, 2, 1);
        ask(lone, 2, 2, 3);
        ask(lone, 2, 3);
        ask(lone, 2);
        assertEquals(
                List.of(
                        "this replica has not halted at a command",
                        "this replica has halted at slot 2, not at slot 3",
                        "no slot is skipped without the replica that is asked first, or without a quorum",
                        "no slot is skipped without the replica that is asked first, or without a quorum",
                        "a request to skip slot 2 is under way here"),
                ends);
        lone.sync();
        receive(lone, PEER, 2, Step.AGREED);
        lone.sync();
        assertEquals("skipped", ends.get(5));
    }

    @Test
    void requestEndsInTimeAndIsGoneOnWith() {
        Lone lone = halted(2);
        ask(lone, 2);
        lone.sync();
        receive(lone, OTHER, 2, Step.AGREED);
        lone.pass(Lone.LIMITS.requestNanos());
        lone.core.skips().expire(lone.now());
        assertTrue(ends.get(0).contains("nothing came from [n2]"), ends.get(0));
        ask(lone, 2);
        assertEquals(List.of(Step.AGREED), written(lone));
        lone.core.onOutgoingReset(PEER, lone.out);
        assertEquals(List.of(Step.ASKED, Step.ASKED, Step.ASKED), steps(lone, PEER));
    }

    @Test
    void slotIsHeldInTheNextLifeAndPassedOverOnceTheDecisionIsDurable() {
        Lone lone = replica(written(2, Step.AGREED));
        assertEquals(List.of(1L), applied(lone));
        assertEquals(2, lone.core.skips().heldSlot());
        receive(lone, PEER, 2, Step.DECIDED);
        assertEquals(List.of(), lone.out.skipped);
        lone.sync();
        assertEquals(0, lone.core.skips().heldSlot());
        lone.core.onLogRead(null, 2, List.of(entry(2), entry(3)), lone.out);
        assertEquals(List.of(2L), lone.out.skipped);
        assertEquals(List.of(1L, 3L), applied(lone));
        assertTrue(lone.out.notes.contains(PaxosEvent.SKIPS_SLOT));
    }

    private static LogEntry entry(long slot) {
        return LogEntry.of(slot, new Ballot(1, 1), Lone.batch(9, slot, "command " + slot));
    }

    @Test
    void slotIsAppliedOnceTheRequestIsWithdrawn() {
        Lone lone = replica(written(2, Step.AGREED));
        receive(lone, PEER, 2, Step.WITHDRAWN);
        assertEquals(List.of(Step.WITHDRAWN), written(lone));
        lone.core.onLogRead(null, 2, List.of(entry(2), entry(3)), lone.out);
        assertEquals(List.of(1L, 2L, 3L), applied(lone));
        assertEquals(List.of(), lone.out.skipped);
    }

    @Test
    void decisionIsPassedOverInLaterLivesAndToldToPeers() {
        Lone lone = replica(written(2, Step.DECIDED));
        assertEquals(List.of(2L), lone.out.skipped);
        assertEquals(List.of(1L, 3L), applied(lone));
        lone.receive(2, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 3, true));
        assertEquals(List.of(Step.DECIDED), steps(lone, PEER));
        receive(lone, OTHER, 2, Step.ASKED);
        assertEquals(List.of(Step.DECIDED), steps(lone, OTHER));
    }

    /** The digests find the difference (RULES.md B-8). */
    @Test
    void decisionAboutASlotThatWasAppliedChangesNothing() {
        Lone lone = replica();
        lone.applied(3);
        receive(lone, PEER, 2, Step.DECIDED);
        lone.sync();
        assertEquals(List.of(), written(lone));
    }

    @Test
    void peersCannotFillTheMemory() {
        Lone lone = replica();
        for (long slot = 4; slot < 40; slot++) {
            receive(lone, PEER, slot, Step.ASKED);
            receive(lone, PEER, slot, Step.DECIDED);
        }
        assertTrue(lone.out.notes.contains(PaxosEvent.IMPLAUSIBLE_SLOT));
        assertEquals(
                Skips.MOST,
                lone.out.writes.stream()
                        .filter(write -> write.log().equals(Skips.recordsOf(Lone.LOG)))
                        .map(write -> ((LogRecord.Accepted) write).slot())
                        .distinct()
                        .count());
    }
}
