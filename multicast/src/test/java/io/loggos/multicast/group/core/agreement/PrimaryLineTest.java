package io.loggos.multicast.group.core.agreement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Views that a log lets follow each other (RULES.md V-6, V-7). */
class PrimaryLineTest {
    private static final Member ONE = member(1, 11);
    private static final Member TWO = member(2, 22);
    private static final Member THREE = member(3, 33);

    private final PrimaryLine line = new PrimaryLine();
    private final Proposal first = proposal(1, ONE, null, 0, List.of(ONE, TWO, THREE), ONE);

    private static Member member(int node, long life) {
        return new Member(NodeId.of(node), life);
    }

    /** A view that a member proposes after a flush of the view {@code base}. */
    private static Proposal proposal(
            long counter,
            Member maker,
            @Nullable Proposal base,
            long round,
            List<Member> members,
            Member... survivors) {
        ViewId id = new ViewId(counter, maker.node(), maker.life());
        ViewId before = base == null ? null : base.view().id();
        return new Proposal(
                new GroupView(id, members, true, before),
                before == null ? id : before,
                new Attempt(round, maker.node()),
                List.of(survivors));
    }

    @Test
    void aViewFollowsTheLastOne() {
        assertTrue(line.grant(first));
        Proposal second = proposal(2, ONE, first, 1, List.of(ONE, TWO), ONE, TWO);
        assertTrue(line.grant(second));
        assertTrue(line.grant(proposal(3, TWO, second, 1, List.of(TWO), TWO)));
        assertEquals(3, line.counter());
    }

    @Test
    void theSameQuestionGetsTheSameAnswer() {
        assertTrue(line.grant(first));
        assertTrue(line.grant(first));
        assertEquals(List.of(first), line.granted());
    }

    @Test
    void theOtherPartOfAPartitionIsRefused() {
        line.grant(first);
        line.grant(proposal(2, ONE, first, 1, List.of(ONE, TWO), ONE, TWO));
        assertFalse(line.grant(proposal(3, THREE, first, 1, List.of(THREE), THREE)));
    }

    @Test
    void whoComesBackLaterHasLeftTheLastViewAndWordOfWhoWasThereEarlierSaysNothing() {
        line.grant(first);
        Proposal second = proposal(2, TWO, first, 1, List.of(TWO), TWO);
        assertTrue(line.grant(second));
        assertFalse(line.grant(proposal(3, ONE, first, 2, List.of(ONE, member(2, 21)), ONE)));
        assertTrue(line.grant(proposal(4, ONE, first, 2, List.of(ONE, member(2, 23)), ONE)));
    }

    @Test
    void newcomersAreNotBoundByAnInvitation() {
        line.grant(first);
        line.grant(proposal(2, ONE, first, 1, List.of(ONE, TWO), ONE));
        Proposal other = proposal(3, THREE, first, 1, List.of(THREE, TWO), THREE);
        assertFalse(line.grant(other));
    }

    @Test
    void aLaterAttemptWithACommonSurvivorPrecludesAnEarlierOne() {
        line.grant(first);
        line.grant(proposal(2, ONE, first, 1, List.of(ONE, TWO), ONE, TWO));
        assertTrue(line.grant(proposal(3, TWO, first, 2, List.of(TWO, THREE), TWO, THREE)));
    }

    @Test
    void anEarlierAttemptThatComesLateIsRefused() {
        line.grant(first);
        line.grant(proposal(2, TWO, first, 2, List.of(TWO, THREE), TWO, THREE));
        assertFalse(line.grant(proposal(3, ONE, first, 1, List.of(ONE, TWO), ONE, TWO)));
    }

    @Test
    void whoConfirmsAViewWithoutSomeSurvivorsIsNotPrecludedByThem() {
        line.grant(first);
        Proposal second = proposal(2, ONE, first, 1, List.of(ONE, TWO), ONE, TWO);
        line.grant(second);
        Proposal confirmed = new Proposal(second.view(), second.from(), new Attempt(3, ONE.node()), List.of(ONE));
        assertTrue(line.grant(confirmed));
        assertFalse(line.grant(proposal(3, TWO, first, 4, List.of(TWO, THREE), TWO, THREE)));
    }

    @Test
    void whoProposesAnewHasGivenUpWhatItProposed() {
        line.grant(first);
        line.grant(proposal(2, ONE, first, 1, List.of(ONE), ONE));
        assertTrue(line.grant(proposal(3, ONE, first, 1, List.of(ONE, TWO), ONE, TWO)));
    }

    /**
     * A coordinator that takes over asks again for the view that it adopts, and may succeed without the first asker.
     */
    @Test
    void whoProposesAnewHasNotGivenUpWhatAnotherHasTakenOver() {
        line.grant(first);
        Proposal second = proposal(2, ONE, first, 1, List.of(ONE, TWO, THREE), ONE, TWO, THREE);
        line.grant(second);
        assertTrue(
                line.grant(new Proposal(second.view(), second.from(), new Attempt(4, ONE.node()), List.of(ONE, TWO))));
        assertTrue(
                line.grant(new Proposal(second.view(), second.from(), new Attempt(4, THREE.node()), List.of(THREE))));
        assertFalse(line.grant(proposal(3, ONE, first, 5, List.of(ONE, TWO), ONE, TWO)));
        assertTrue(line.grant(proposal(4, THREE, second, 1, List.of(THREE), THREE)));
    }

    @Test
    void ofAttemptsWithTheSameSurvivorsTheLatestStays() {
        line.grant(first);
        Proposal again = new Proposal(first.view(), first.from(), new Attempt(7, ONE.node()), first.survivors());
        line.grant(again);
        line.grant(first);
        assertEquals(List.of(again), line.granted());
    }

    @Test
    void theLineGoesOnOnceAllNodesOfALostViewHaveComeBack() {
        line.grant(proposal(1, ONE, null, 0, List.of(ONE, TWO), ONE));
        Member again = member(1, 12);
        assertFalse(line.grant(proposal(2, again, null, 0, List.of(again, THREE), again)));
        Member both = member(2, 23);
        assertTrue(line.grant(proposal(3, again, null, 0, List.of(again, both), again)));
    }

    @Test
    void whoHasLeftIsNotWaitedFor() {
        line.grant(proposal(1, ONE, null, 0, List.of(ONE), ONE));
        Proposal next = proposal(2, TWO, null, 0, List.of(TWO), TWO);
        assertFalse(line.grant(next));
        line.onLeft(ONE);
        assertTrue(line.grant(next));
    }

    @Test
    void whatCameBeforeAViewThatNeverCameAboutStillCounts() {
        line.grant(first);
        Proposal second = proposal(2, ONE, first, 1, List.of(ONE, TWO), ONE, TWO);
        line.grant(second);
        line.grant(proposal(3, ONE, second, 1, List.of(ONE), ONE));
        // The third never came about, and its only member is gone; the second is not over because of that.
        Member again = member(1, 12);
        assertFalse(line.grant(proposal(4, THREE, first, 9, List.of(THREE, again), THREE)));
        assertTrue(line.grant(proposal(5, TWO, second, 1, List.of(TWO, again), TWO)));
    }

    @Test
    void aLineIsRestoredAsItWas() {
        line.grant(first);
        line.onLeft(THREE);
        PrimaryLine restored = new PrimaryLine(line.granted(), line.left());
        assertEquals(line.granted(), restored.granted());
        assertEquals(line.left(), restored.left());
    }
}
