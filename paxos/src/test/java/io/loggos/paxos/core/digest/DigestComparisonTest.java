package io.loggos.paxos.core.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.digest.DigestComparison.Divergence;
import io.loggos.paxos.core.digest.DigestComparison.Subject;
import io.loggos.paxos.core.model.DigestMark;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** RULES.md B-8, as node 1 judges about itself. Digests are small numbers; node n is the n-th of a list. */
class DigestComparisonTest {
    private static final long EVERY = 10;
    private static final long PATIENCE = 400;

    private DigestComparison comparison = of(3);

    private static DigestComparison of(int voters) {
        return new DigestComparison(NodeId.of(1), Lone.voters(voters), EVERY, PATIENCE);
    }

    private static DigestMark mark(long slot, long answers) {
        return new DigestMark(slot, answers, OptionalLong.empty());
    }

    private static DigestMark mark(long slot, long answers, long state) {
        return new DigestMark(slot, answers, OptionalLong.of(state));
    }

    /** All voters say these digests of their answers. */
    private @Nullable Divergence say(long slot, long... answers) {
        for (int node = 1; node <= answers.length; node++) {
            comparison.add(NodeId.of(node), mark(slot, answers[node - 1]));
        }
        return comparison.judge(0);
    }

    private @Nullable Divergence sayNew(long... answers) {
        comparison = of(answers.length);
        return say(EVERY, answers);
    }

    @Test
    void equalDigestsAgree() {
        assertNull(say(10, 7, 7, 7));
        assertEquals(10, comparison.agreedSlot());
        assertNull(say(20, 8, 8, 8));
        assertEquals(20, comparison.agreedSlot());
        assertFalse(comparison.isOpen());
    }

    /** The agreement of a quorum is enough. */
    @Test
    void quorumAgrees() {
        comparison.add(NodeId.of(1), mark(10, 7));
        assertNull(comparison.judge(0));
        assertEquals(0, comparison.agreedSlot());
        comparison.add(NodeId.of(3), mark(10, 7));
        assertNull(comparison.judge(0));
        assertEquals(10, comparison.agreedSlot());
    }

    @Test
    void oddOneOutHaltsWithTheRangeOfSlots() {
        say(10, 7, 7, 7);
        assertEquals(new Divergence(11, 20, Subject.ANSWERS, 1, 2), say(20, 9, 8, 8));
    }

    @Test
    void othersGoOn() {
        assertNull(say(10, 7, 9, 7));
        assertNull(say(20, 8, 10, 8));
        assertEquals(20, comparison.agreedSlot());
    }

    @Test
    void quorumOfOthersIsEnough() {
        comparison.add(NodeId.of(1), mark(10, 9));
        comparison.add(NodeId.of(2), mark(10, 7));
        assertNull(comparison.judge(0));
        assertTrue(comparison.isOpen());
        comparison.add(NodeId.of(3), mark(10, 7));
        assertEquals(new Divergence(1, 10, Subject.ANSWERS, 1, 2), comparison.judge(0));
    }

    @Test
    void onATieAllHalt() {
        assertEquals(new Divergence(1, 10, Subject.ANSWERS, 1, 1), sayNew(1, 2));
        assertEquals(new Divergence(1, 10, Subject.ANSWERS, 1, 1), sayNew(1, 2, 3));
        assertEquals(new Divergence(1, 10, Subject.ANSWERS, 2, 2), sayNew(1, 2, 1, 2));
        assertEquals(new Divergence(1, 10, Subject.ANSWERS, 2, 2), sayNew(1, 2, 1, 2, 3));
        assertEquals(new Divergence(1, 10, Subject.ANSWERS, 1, 2), sayNew(3, 2, 1, 2, 1));
    }

    /** Without a quorum the largest group is right, if it is larger than every other one. */
    @Test
    void largestGroupGoesOn() {
        assertNull(sayNew(1, 1, 2, 3, 4));
        assertEquals(new Divergence(1, 10, Subject.ANSWERS, 1, 2), sayNew(2, 1, 1, 3, 4));
        assertNull(sayNew(1, 1, 2, 3));
        assertEquals(0, comparison.agreedSlot());
    }

    /** The third replica may still tell which of two is wrong. It is waited for, but not for ever. */
    @Test
    void twoThatDifferWaitForTheThird() {
        comparison.add(NodeId.of(1), mark(10, 9));
        comparison.add(NodeId.of(2), mark(10, 7));
        assertNull(comparison.judge(1_000));
        assertNull(comparison.judge(1_000 + PATIENCE - 1));
        assertTrue(comparison.isOpen());
        assertEquals(new Divergence(1, 10, Subject.ANSWERS, 1, 1), comparison.judge(1_000 + PATIENCE));
    }

    @Test
    void thirdReplicaDecidesInTime() {
        comparison.add(NodeId.of(1), mark(10, 9));
        comparison.add(NodeId.of(2), mark(10, 7));
        assertNull(comparison.judge(1_000));
        comparison.add(NodeId.of(3), mark(10, 9));
        assertNull(comparison.judge(1_001));
        assertFalse(comparison.isOpen());
        assertNull(comparison.judge(1_001 + PATIENCE));
    }

    /** The digests cover all earlier slots. So the third one's agreement at a later slot decides as well. */
    @Test
    void thirdReplicaDecidesAtALaterSlot() {
        comparison.add(NodeId.of(1), mark(10, 9));
        comparison.add(NodeId.of(2), mark(10, 7));
        assertNull(comparison.judge(1_000));
        comparison.add(NodeId.of(1), mark(20, 99));
        comparison.add(NodeId.of(3), mark(20, 99));
        assertNull(comparison.judge(1_001));
        assertEquals(20, comparison.agreedSlot());
        assertFalse(comparison.isOpen());
    }

    @Test
    void stateIsComparedAmongThoseThatAnswerAlike() {
        comparison.add(NodeId.of(1), mark(10, 7, 1));
        comparison.add(NodeId.of(2), mark(10, 7, 2));
        assertNull(comparison.judge(0));
        assertTrue(comparison.isOpen());
        comparison.add(NodeId.of(3), mark(10, 7, 2));
        assertEquals(new Divergence(1, 10, Subject.STATE, 1, 2), comparison.judge(0));
    }

    @Test
    void stateThatOneDoesNotOfferIsNotCompared() {
        comparison.add(NodeId.of(1), mark(10, 7, 1));
        comparison.add(NodeId.of(2), mark(10, 7));
        comparison.add(NodeId.of(3), mark(10, 7));
        assertNull(comparison.judge(0));
        assertEquals(10, comparison.agreedSlot());
    }

    /** A replica that is ahead, or behind, is compared as soon as both have the same slot. */
    @Test
    void slotsAreComparedOnceBothHaveThem() {
        for (long slot = 10; slot <= 50; slot += EVERY) {
            comparison.add(NodeId.of(2), mark(slot, slot));
            comparison.add(NodeId.of(3), mark(slot, slot));
        }
        assertNull(comparison.judge(0));
        comparison.add(NodeId.of(1), mark(10, 10));
        assertNull(comparison.judge(0));
        assertEquals(10, comparison.agreedSlot());
        comparison.add(NodeId.of(1), mark(20, 0));
        assertEquals(new Divergence(11, 20, Subject.ANSWERS, 1, 2), comparison.judge(0));
    }

    /** Marks older than the kept ones are not compared. The digest of a later slot covers it. */
    @Test
    void lastMarksAreKept() {
        long far = (DigestComparison.KEPT + 5) * EVERY;
        for (long slot = EVERY; slot <= far; slot += EVERY) {
            comparison.add(NodeId.of(1), mark(slot, slot));
        }
        assertEquals(DigestComparison.KEPT, comparison.own().size());
        assertEquals(far, comparison.own().get(DigestComparison.KEPT - 1).slot());
        comparison.add(NodeId.of(2), mark(10, 0));
        comparison.add(NodeId.of(3), mark(10, 0));
        assertNull(comparison.judge(0));
        comparison.add(NodeId.of(2), mark(far, far));
        assertNull(comparison.judge(0));
        assertEquals(far, comparison.agreedSlot());
    }

    /** A peer that has come back with a sound state tells its digests again. */
    @Test
    void laterMarkReplacesTheEarlier() {
        comparison = of(5);
        comparison.add(NodeId.of(1), mark(10, 7));
        comparison.add(NodeId.of(2), mark(10, 9));
        assertNull(comparison.judge(0));
        assertTrue(comparison.isOpen());
        comparison.add(NodeId.of(2), mark(10, 7));
        assertNull(comparison.judge(1));
        assertFalse(comparison.isOpen());
        assertNull(comparison.judge(1 + PATIENCE));
    }

    /** The state of another replica has taken the place of the one that the marks were of. */
    @Test
    void marksOfAReplacedStateAreForgotten() {
        comparison.add(NodeId.of(1), mark(10, 9));
        comparison.add(NodeId.of(2), mark(10, 7));
        assertNull(comparison.judge(0));
        comparison.forgetOwn();
        assertFalse(comparison.isOpen());
        assertEquals(List.of(), comparison.own());
        comparison.add(NodeId.of(3), mark(10, 7));
        assertNull(comparison.judge(PATIENCE));
    }

    @Test
    void strangersAndOtherSlotsDoNotCount() {
        comparison.add(NodeId.of(1), mark(10, 7));
        comparison.add(NodeId.of(4), mark(10, 8));
        comparison.add(NodeId.of(2), mark(15, 8));
        comparison.add(NodeId.of(3), mark(Long.MAX_VALUE, 8));
        comparison.add(NodeId.of(3), mark(Long.MAX_VALUE / EVERY * EVERY, 8));
        assertNull(comparison.judge(0));
        assertFalse(comparison.isOpen());
    }

    @Test
    void onlyVoterAgreesWithItself() {
        assertNull(sayNew(7));
        assertEquals(10, comparison.agreedSlot());
    }
}
