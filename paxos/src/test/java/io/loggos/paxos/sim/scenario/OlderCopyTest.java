package io.loggos.paxos.sim.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.LogId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.sim.FenceWatch;
import io.loggos.paxos.sim.OlderCopy;
import io.loggos.paxos.sim.SimNode;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** RULES.md O-4: nodes that come back with an older copy of their disks, and nodes that have lost nothing. */
public class OlderCopyTest {
    private static final List<Consumer<OlderCopyTest>> SCENARIOS = List.of(
            OlderCopyTest::nodesThatLoseWhatTheyNeverToldAreNotFenced,
            OlderCopyTest::olderCopyIsFencedAndTheOthersGoOn,
            OlderCopyTest::peersRememberOverTheirOwnRestarts,
            OlderCopyTest::fencedNodeEndsItsLinksToPeersThatKnowLess,
            OlderCopyTest::olderCopyThatWroteOnIsFenced,
            OlderCopyTest::olderCopyThatLacksALifeIsFenced,
            OlderCopyTest::otherFollowersKnowAsWell,
            OlderCopyTest::olderCopiesOfAMajorityAcknowledgeNothing,
            OlderCopyTest::latestCopyComesBack);

    private final Scenario s = new Scenario(3, 'A', 5);

    /** Runs all scenarios inside the class loader of a mutant. Returns what has failed first, or an empty text. */
    public static String firstViolation(long first, int count) {
        for (Consumer<OlderCopyTest> scenario : SCENARIOS) {
            try {
                scenario.accept(new OlderCopyTest());
            } catch (AssertionError | RuntimeException failure) {
                return String.valueOf(failure.getMessage()).lines().findFirst().orElse("") + " in a scenario";
            }
        }
        return "";
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            s.writes('A', 6);
        }
    }

    private OlderCopy copyOf(char letter, int number) {
        return new OlderCopy(s.cluster(), s.node(letter), number);
    }

    private void restart(char letter, boolean powerLoss) {
        s.node(letter).crash(powerLoss);
        s.node(letter).start();
    }

    private void restart(char letter, OlderCopy copy) {
        s.node(letter).crash(true);
        copy.putBack();
        s.node(letter).start();
    }

    private boolean isFenced(char letter) {
        String halted = s.status(letter).halted();
        return FenceWatch.isFenced(s.node(letter)) && halted != null && halted.contains("AMNESIA_DETECTED");
    }

    @Test
    void nodesThatLoseWhatTheyNeverToldAreNotFenced() {
        for (int round = 0; round < 5; round++) {
            write(3);
            for (char letter : new char[] {'C', 'B', 'A'}) {
                CompletableFuture<?> unused = s.write('A');
                restart(letter, round % 2 == 0);
                s.rest(4);
            }
        }
        write(3);
        s.cluster().nodes().forEach(node -> node.crash(true));
        s.cluster().nodes().forEach(SimNode::start);
        s.rest(6);
        write(1);
        assertTrue(s.cluster().nodes().stream().noneMatch(FenceWatch::isFenced));
    }

    @Test
    void olderCopyIsFencedAndTheOthersGoOn() {
        write(3);
        OlderCopy copy = copyOf('C', 1);
        write(1);
        restart('C', copy);
        s.within(3, "the fence", () -> isFenced('C'));
        write(3);
        CompletableFuture<?> refused = s.write('C');
        s.within(1, "the end of a call", refused::isDone);
        assertTrue(refused.isCompletedExceptionally());
        s.rest(1);
        assertFalse(s.node('A').hasContact(s.id('C')) || s.node('B').hasContact(s.id('C')));
        assertTrue(s.node('A').refuses(s.id('C')).startsWith("AMNESIA_DETECTED"));
        assertTrue(s.node('B').refuses(s.id('C')).startsWith("AMNESIA_DETECTED"));
        long ballot = s.status('A').ballot().round();

        restart('C', false);
        s.within(1, "the fence, again", () -> isFenced('C'));
        s.rest(20);
        write(3);
        assertEquals(ballot, s.status('A').ballot().round(), "the fenced node has disturbed the others");
    }

    @Test
    void peersRememberOverTheirOwnRestarts() {
        write(3);
        OlderCopy copy = copyOf('C', 1);
        write(3);
        s.node('C').crash(true);
        write(2);
        restart('A', true);
        restart('B', true);
        copy.putBack();
        s.node('C').start();
        s.within(3, "the fence", () -> isFenced('C'));
        s.rest(6);
        write(3);
    }

    /** B is down while C tells the others more. So B takes the older copy in, until C meets A. */
    @Test
    void fencedNodeEndsItsLinksToPeersThatKnowLess() {
        write(3);
        OlderCopy copy = copyOf('C', 1);
        s.node('B').crash(true);
        write(3);
        s.node('C').crash(true);
        copy.putBack();
        s.onlyLinks("AB", "BC");
        s.node('B').start();
        s.rest(6);
        s.node('C').start();
        s.within(1, "contact", () -> s.node('B').hasContact(s.id('C')));
        assertFalse(isFenced('C'));
        s.heal();
        s.within(3, "the fence", () -> isFenced('C'));
        s.within(2, "the end of contact", () -> !s.node('B').hasContact(s.id('C')));

        s.onlyLinks("BC");
        restart('C', false);
        s.within(1, "the fence, again", () -> isFenced('C'));
        s.rest(10);
        assertFalse(s.node('B').hasContact(s.id('C')));
        s.heal();
        s.rest(8);
        write(3);
    }

    /** The copy has more writes than the peers know of, and they are others. */
    @Test
    void olderCopyThatWroteOnIsFenced() {
        write(3);
        OlderCopy copy = copyOf('C', 1);
        write(3);
        s.node('C').crash(true);
        copy.putBack();
        s.onlyLinks("AB");
        s.node('C').start();
        for (int round = 1; round < 100; round++) {
            s.node('C').disk().write(List.of(new LogRecord.Promised(LogId.ofName("other"), new Ballot(round, 1))));
        }
        restart('C', false);
        s.heal();
        s.within(3, "the fence", () -> isFenced('C'));
        write(3);
    }

    /** The life that the copy lacks wrote nothing, which its peers cannot know (harsh seed 700000030). */
    @Test
    void olderCopyThatLacksALifeIsFenced() {
        write(3);
        s.rest(1);
        s.node('C').crash(true);
        OlderCopy copy = copyOf('C', 1);
        long writes = s.node('C').disk().syncedWrites();
        s.node('C').start();
        s.within(1, "contact", () -> s.node('A').hasContact(s.id('C')));
        s.rest(0.3);
        assertEquals(writes, s.node('C').disk().syncedWrites());
        restart('C', copy);
        s.within(3, "the fence", () -> isFenced('C'));
        write(3);
    }

    /** The votes of C went to the leader A only. When A is gone, B must know nevertheless. */
    @Test
    void otherFollowersKnowAsWell() {
        write(3);
        OlderCopy copy = copyOf('C', 1);
        write(3);
        s.rest(1);
        s.node('A').crash(true);
        restart('C', copy);
        s.within(3, "the fence", () -> isFenced('C'));
        s.rest(10);
        s.node('A').start();
        s.rest(6);
        write(3);
    }

    /** More nodes have an older copy than the cluster can do without. It stops, and acknowledges nothing. */
    @Test
    void olderCopiesOfAMajorityAcknowledgeNothing() {
        write(3);
        OlderCopy one = copyOf('B', 1);
        OlderCopy other = copyOf('C', 2);
        write(3);
        s.node('B').crash(true);
        restart('C', other);
        s.within(3, "the fence of C", () -> isFenced('C'));
        one.putBack();
        s.node('B').start();
        s.within(3, "the fence of B", () -> isFenced('B'));
        CompletableFuture<?> write = s.write('A');
        s.within(20, "the end of a call", write::isDone);
        assertTrue(write.isCompletedExceptionally());
        assertEquals(null, s.status('A').halted());
    }

    /** The cure: the fenced copy has told nobody anything, so the latest one fits to what the peers know. */
    @Test
    void latestCopyComesBack() {
        write(3);
        OlderCopy older = copyOf('C', 1);
        write(3);
        s.rest(1); // Both peers hear of the last writes. Otherwise the copy might tell one of them something first.
        s.node('C').crash(true);
        OlderCopy latest = copyOf('C', 2);
        older.putBack();
        s.node('C').start();
        s.within(3, "the fence", () -> isFenced('C'));
        restart('C', latest);
        s.rest(6);
        write(3);
        s.writes('C', 6);
        s.within(
                6,
                "C has everything",
                () -> s.status('C').appliedSlot().equals(s.status('A').appliedSlot()));
    }
}
