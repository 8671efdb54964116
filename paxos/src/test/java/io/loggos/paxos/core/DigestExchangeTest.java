package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** RULES.md B-8: one replica of three tells its digests, and takes those of its peers. */
class DigestExchangeTest {
    private final Lone lone = new Lone(3);
    private final Recorder out = lone.out;

    private static DigestMark mark(long slot, long answers) {
        return new DigestMark(slot, answers, OptionalLong.empty());
    }

    private void applied(DigestMark... marks) {
        lone.core.onMarks(List.of(marks), lone.now(), out);
        lone.turn();
    }

    private void hear(int from, DigestMark... marks) {
        lone.receive(from, new PaxosMessage.Digests(List.of(marks)));
    }

    @Test
    void digestsAreToldToAllPeers() {
        applied(mark(10, 1), mark(20, 2));
        PaxosMessage.Digests told = new PaxosMessage.Digests(List.of(mark(10, 1), mark(20, 2)));
        assertEquals(List.of(told), out.to(2, PaxosMessage.Digests.class));
        assertEquals(List.of(told), out.to(3, PaxosMessage.Digests.class));
        assertEquals(List.of(), out.to(1, PaxosMessage.Digests.class));
    }

    /** Messages may be lost with a link. A peer that has come back asks for what is open. */
    @Test
    void digestsAreToldAgainBehindABreakOfALink() {
        applied(mark(10, 1));
        applied(mark(20, 2));
        PaxosMessage.Digests all = new PaxosMessage.Digests(List.of(mark(10, 1), mark(20, 2)));
        out.clearSent();
        lone.core.onOutgoingReset(NodeId.of(2), out);
        assertEquals(List.of(all), out.to(2, PaxosMessage.Digests.class));
        out.clearSent();
        lone.receive(3, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 0, true));
        assertEquals(List.of(all), out.to(3, PaxosMessage.Digests.class));
        out.clearSent();
        lone.receive(3, new PaxosMessage.Status(Ballot.ZERO, Ballot.ZERO, 0, 0, false));
        assertEquals(List.of(), out.all(PaxosMessage.Digests.class));
    }

    @Test
    void oddOneOutHaltsOnceAndNamesTheSlots() {
        applied(mark(10, 1));
        hear(2, mark(10, 1), mark(20, 2));
        assertEquals(10, lone.core.progress().agreedSlot());
        hear(3, mark(20, 2));
        applied(mark(20, 3));
        assertEquals(1, out.halts.size());
        assertTrue(out.halts.get(0).startsWith("DIVERGED in slots 11 to 20: "), () -> out.halts.get(0));
        assertEquals(1, out.notes.stream().filter(PaxosEvent.DIVERGED::equals).count());
        hear(3, mark(30, 4));
        assertEquals(1, out.halts.size());
    }

    /** No further message need come: the clock alone decides, four election timeouts after the difference was seen. */
    @Test
    void differenceThatNobodyDecidesHaltsInTime() {
        applied(mark(10, 1));
        hear(2, mark(10, 9));
        long until = lone.now() + 4 * lone.limits.electionNanos();
        while (lone.now() < until - 10) {
            lone.tick(10);
            assertEquals(List.of(), out.halts);
        }
        lone.tick(10);
        assertEquals(1, out.halts.size());
    }

    @Test
    void digestsOfAReplacedStateDoNotCount() {
        applied(mark(10, 1));
        hear(2, mark(10, 9));
        lone.core.onCheckpointInstalled(15, null, 0, out);
        lone.turn();
        hear(3, mark(10, 9));
        lone.tick(1_000);
        assertEquals(List.of(), out.halts);
        applied(mark(20, 2));
        hear(3, mark(20, 2));
        assertEquals(20, lone.core.progress().agreedSlot());
    }
}
