package io.loggos.multicast.group.sim.predicate;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.testkit.Violation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each checker is given histories that are right, and ones that are spoilt on purpose: of those it must complain. */
class CheckersTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final NodeId N3 = NodeId.of(3);
    private static final Life A = new Life(N1, 1);
    private static final Life B = new Life(N2, 1);
    private static final Life C = new Life(N3, 1);
    private static final View V1 = view(1, true, N1, N2, N3);
    private static final View V2 = view(2, true, N1, N2, N3);

    private Ghost ghost = new Ghost(3, false, PartitionPolicy.REFUSE, true, 1_000, founding());

    private static FoundingRules founding() {
        return new FoundingRules(3, Set.of(), 100, 1_000);
    }

    @Test
    void aSoundHistoryPasses() {
        begin(A, B, C);
        send(A, 1, Ordering.TOTAL, Delivery.SAFE);
        give(A, 1);
        give(B, 1);
        sendAfter(B, 2, Ordering.CAUSAL);
        give(B, 2);
        give(C, 1);
        give(C, 2);
        give(A, 2);
        State end = State.EMPTY.after(ghost.message(1)).after(ghost.message(2));
        for (Life life : List.of(A, B, C)) {
            ghost.installed(life, change(V2, N1, N2, N3), end);
        }
        assertEquals(6, ghost.delivered());
        assertEquals(2, ghost.sent());
        assertEquals(2, ghost.views());
    }

    @Test
    void vs1AMemberIsInItsView() {
        complains("VS1", () -> ghost.views.entered(C, change(view(1, true, N1, N2), N1), null));
        complains("VS1", () -> ghost.views.entered(A, change(view(1, true, N1, N1), N1), null));
        complains("VS1", () -> ghost.views.entered(A, change(view(2, true, N1, N2), N2), null));
    }

    @Test
    void vs2IdsRise() {
        ghost.views.entered(A, change(V2, N1), null);
        complains("VS2", () -> ghost.views.entered(A, change(V1, N1), null));
        complains("VS2", () -> ghost.views.entered(A, change(V1, N1), null));
    }

    @Test
    void vs3OneIdOneView() {
        ghost.views.entered(A, change(V1, N1), null);
        complains("VS3", () -> ghost.views.entered(B, change(view(1, false, N1, N2, N3), N2), null));
        complains("VS3", () -> ghost.views.entered(C, change(view(1, true, N1, N3), N3), null));
    }

    @Test
    void vs3AChangeFitsItsViews() {
        View before = view(1, true, N1, N2);
        View after = view(2, true, N1, N3);
        SortedSet<NodeId> alone = new TreeSet<>(List.of(N1));
        ViewChange sound = new ViewChange(after, alone, List.of(N3), List.of(N2), List.of());
        assertDoesNotThrow(() -> new ViewRules().entered(A, sound, before));
        ViewChange joinedIsMissing = new ViewChange(after, alone, List.of(), List.of(N2), List.of());
        complains("VS3", () -> new ViewRules().entered(A, joinedIsMissing, before));
        ViewChange leftWasNone = new ViewChange(after, alone, List.of(N3), List.of(N3), List.of());
        complains("VS3", () -> new ViewRules().entered(A, leftWasNone, before));
        ViewChange movedWithAStranger =
                new ViewChange(after, new TreeSet<>(List.of(N1, N3)), List.of(N3), List.of(N2), List.of());
        complains("VS3", () -> new ViewRules().entered(A, movedWithAStranger, before));
    }

    @Test
    void vs4InTheViewThatItWasSentIn() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        ghost.installed(B, change(V2, N2), State.EMPTY);
        complains("VS4", () -> give(B, 1));
        complains("VS4", () -> ghost.delivered(A, N1, 1, V2.id(), false, null));
        ghost.ended(A);
        complains("VS4", () -> give(A, 1));
    }

    @Test
    void vs5NothingIsMadeUpOrComesTwice() {
        begin(A, B);
        complains("VS5", () -> give(A, 7));
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        complains("VS5", () -> ghost.delivered(B, N2, 1, V1.id(), false, null));
        give(B, 1);
        complains("VS5", () -> give(B, 1));
        send(A, 2, Ordering.FIFO, N3);
        complains("VS5", () -> give(B, 2));
    }

    @Test
    void vs6WhoMovesTogetherHasTheSame() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        give(A, 1);
        ghost.installed(A, change(V2, N1, N2), State.EMPTY);
        complains("VS6", () -> ghost.installed(B, change(V2, N1, N2), State.EMPTY));
    }

    @Test
    void vs6WhoMovesAloneIsNotAsked() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        give(A, 1);
        ghost.installed(A, change(V2, N1), State.EMPTY);
        assertDoesNotThrow(() -> ghost.installed(B, change(V2, N2), State.EMPTY));
        begin(A, C);
        ghost.installed(A, change(V2, N1, N3), State.EMPTY);
        complains("VS6", () -> ghost.installed(C, change(V2, N3), State.EMPTY));
    }

    @Test
    void vs7InTheOrderOfTheSender() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        send(A, 2, Ordering.TOTAL, Delivery.ON_RECEIPT);
        complains("VS7", () -> give(B, 2));
    }

    @Test
    void vs7WhatIsForOneComesIfBothStay() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, N2);
        send(A, 2, Ordering.FIFO, Delivery.ON_RECEIPT);
        give(B, 2);
        assertDoesNotThrow(() -> ghost.installed(B, change(V2, N2), State.EMPTY));
        begin(A, B);
        send(A, 1, Ordering.FIFO, N2);
        send(A, 2, Ordering.FIFO, Delivery.ON_RECEIPT);
        give(B, 2);
        complains("VS7", () -> ghost.installed(B, change(V2, N1, N2), State.EMPTY));
    }

    @Test
    void vs8AfterItsCauses() {
        begin(A, B, C);
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        give(B, 1);
        sendAfter(B, 2, Ordering.CAUSAL);
        sendAfter(B, 3, Ordering.FIFO);
        complains("VS8", () -> give(C, 2));
        give(C, 1);
        assertDoesNotThrow(() -> give(C, 2));
    }

    @Test
    void vs9OneTotalOrder() {
        begin(A, B);
        send(A, 1, Ordering.TOTAL, Delivery.ON_RECEIPT);
        send(B, 2, Ordering.TOTAL, Delivery.ON_RECEIPT);
        give(A, 1);
        give(A, 2);
        give(B, 2);
        give(B, 1);
        ghost.installed(A, change(V2, N1, N2), State.EMPTY);
        complains("VS9", () -> ghost.installed(B, change(V2, N1, N2), State.EMPTY));
    }

    @Test
    void vs9SafeOnesAtOnce() {
        begin(A, B);
        send(A, 1, Ordering.TOTAL, Delivery.SAFE);
        send(B, 2, Ordering.TOTAL, Delivery.SAFE);
        give(A, 1);
        complains("VS9", () -> give(B, 2));
    }

    @Test
    void vs9SafeOnesOfWhoHasGone() {
        begin(A, B);
        send(A, 1, Ordering.TOTAL, Delivery.SAFE);
        send(B, 2, Ordering.TOTAL, Delivery.SAFE);
        ghost.delivered(A, N1, 1, V1.id(), true, V2.id());
        complains("VS9", () -> give(B, 2));
    }

    @Test
    void vs10TotalAfterItsCauses() {
        begin(A, B, C);
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        give(B, 1);
        sendAfter(B, 2, Ordering.CAUSAL_TOTAL);
        complains("VS10", () -> give(C, 2));
    }

    @Test
    void vs11WhatItSentItself() {
        begin(A);
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        complains("VS11", () -> ghost.installed(A, change(V2, N1), State.EMPTY));
    }

    @Test
    void vs12StableIsWithAll() {
        GroupView view = new GroupView(V1.id(), List.of(new Member(N1, 1), new Member(N2, 2)), true, V1.id());
        ghost.stability.received(N2, V1.id(), 0, 2);
        assertDoesNotThrow(() -> ghost.stability.stable(A, view, 2));
        complains("VS12", () -> ghost.stability.stable(A, view, 3));
        ghost.stability.received(N2, V2.id(), 0, 3);
        complains("VS12", () -> ghost.stability.stable(A, view, 3));
    }

    @Test
    void noMoreThanTheWindowWaits() {
        assertDoesNotThrow(() -> ghost.stability.waiting(A, N2, 1_000));
        complains("window", () -> ghost.stability.waiting(A, N2, 1_001));
    }

    @Test
    void vs13GrantedByAMajority() {
        PrimaryRules rules = new PrimaryRules(3, false, founding());
        rules.granted(V1.id(), N1, 1);
        complains("VS13", () -> rules.entered(A, V1, false));
        rules.granted(V1.id(), N2, 1);
        assertDoesNotThrow(() -> rules.entered(A, V1, false));
        assertDoesNotThrow(() -> rules.entered(C, view(5, false, N3), false));
        complains("VS13", () -> new PrimaryRules(3, true, founding()).entered(A, V1, false));
    }

    @Test
    void vs13OneSuccessor() {
        View other = view(3, true, N2, N3);
        complains("VS13", () -> fork(1, other));
        assertDoesNotThrow(() -> fork(2, other));
        assertDoesNotThrow(() -> fork(1, V2));
    }

    @Test
    void vs13TheLogLeavesNoOneBehind() {
        complains("VS13", () -> forkOfLog(false));
        assertDoesNotThrow(() -> forkOfLog(true));
    }

    private static void forkOfLog(boolean theOtherIsGone) {
        PrimaryRules rules = new PrimaryRules(3, true, founding());
        View other = view(3, true, N2, N3);
        List.of(V1, V2, other).forEach(view -> rules.granted(view.id(), N1, 1));
        rules.entered(A, V1, false);
        rules.entered(C, V1, false);
        rules.entered(A, V2, true);
        rules.entered(A, view(4, false, N1), true);
        if (theOtherIsGone) {
            rules.ended(A);
        }
        rules.entered(C, other, true);
    }

    /** N1 goes from the first view to the second, N3 to another, which N2 has granted in some life. */
    private static void fork(long life, View other) {
        PrimaryRules rules = new PrimaryRules(3, false, founding());
        rules.granted(V1.id(), N1, 1);
        rules.granted(V1.id(), N2, 1);
        rules.granted(V2.id(), N1, 1);
        rules.granted(V2.id(), N2, 1);
        rules.entered(A, V1, false);
        rules.entered(C, V1, false);
        rules.entered(A, V2, true);
        rules.entered(C, view(3, false, N3), true);
        if (!other.equals(V2)) {
            rules.granted(other.id(), N2, life);
            rules.granted(other.id(), N3, 1);
        }
        rules.entered(C, other, true);
    }

    @Test
    void vs14SafeIsWithAllThatGoOn() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.SAFE);
        give(A, 1);
        complains("VS14", () -> ghost.installed(B, change(V2, N2), State.EMPTY));
    }

    @Test
    void vs14SafeAlsoIfTheOtherHasGoneBefore() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.SAFE);
        ghost.installed(B, change(V2, N2), State.EMPTY);
        complains("VS14", () -> give(A, 1));
    }

    @Test
    void vs14AtTheEndOnlyWhoMovesAlong() {
        begin(A, B, C);
        send(A, 1, Ordering.FIFO, Delivery.SAFE);
        ghost.delivered(A, N1, 1, V1.id(), true, V2.id());
        assertDoesNotThrow(() -> ghost.installed(C, change(view(3, false, N3), N3), State.EMPTY));
        complains("VS14", () -> ghost.installed(B, change(V2, N1, N2), State.EMPTY));
    }

    @Test
    void vs15ANewcomerHasTheStateOfTheOthers() {
        State other = new State(1, 1);
        begin(A);
        ghost.installed(A, change(V2, N1), State.EMPTY);
        complains("VS15", () -> ghost.states.restored(C, V2.id(), other, N1));
        complains("VS15", () -> ghost.installed(B, change(V2, N2), other));
        Ghost going = new Ghost(3, false, PartitionPolicy.CONTINUE, true, 1_000, founding());
        going.states.restored(C, V2.id(), other, N1);
        complains("VS15", () -> going.installed(A, change(V2, N1), State.EMPTY));
    }

    @Test
    void nothingIsSentWhereItIsRefused() {
        complains("REFUSE", () -> send(view(1, false, N1), A, 1));
    }

    @Test
    void theStateShowsWhatIsMissingAndTheTotalOrder() {
        begin(A, B);
        send(A, 1, Ordering.TOTAL, Delivery.ON_RECEIPT);
        send(B, 2, Ordering.TOTAL, Delivery.ON_RECEIPT);
        State one = State.EMPTY.after(ghost.message(1)).after(ghost.message(2));
        State other = State.EMPTY.after(ghost.message(2)).after(ghost.message(1));
        assertEquals(one.sum(), other.sum());
        assertEquals(false, one.digest() == other.digest());
        assertEquals(false, State.EMPTY.after(ghost.message(1)).equals(State.EMPTY));
    }

    /** A new ghost, for these in the first view. */
    private void begin(Life... lives) {
        ghost = new Ghost(3, false, PartitionPolicy.REFUSE, true, 1_000, founding());
        for (Life life : lives) {
            ghost.installed(life, change(V1, life.node()), State.EMPTY);
        }
    }

    private void send(Life by, long id, Ordering ordering, Delivery delivery) {
        ghost.sent(by, id, V1, ordering, delivery, null, new TreeMap<>());
    }

    private void send(Life by, long id, Ordering ordering, NodeId to) {
        ghost.sent(by, id, V1, ordering, Delivery.ON_RECEIPT, to, new TreeMap<>());
    }

    private void send(View view, Life by, long id) {
        ghost.sent(by, id, view, Ordering.FIFO, Delivery.ON_RECEIPT, null, new TreeMap<>());
    }

    private void sendAfter(Life by, long id, Ordering ordering) {
        ghost.sent(by, id, V1, ordering, Delivery.ON_RECEIPT, null, ghost.causes(by));
    }

    private void give(Life to, long id) {
        ghost.delivered(to, ghost.message(id).sender(), id, V1.id(), false, null);
    }

    private static void complains(String predicate, Runnable spoilt) {
        Violation violation = assertThrows(Violation.class, spoilt::run);
        assertEquals(predicate, violation.predicate(), violation.getMessage());
    }

    private static View view(long counter, boolean primary, NodeId... members) {
        return new View(id(counter), List.of(members), primary);
    }

    private static ViewId id(long counter) {
        return new ViewId(counter, N1, 1);
    }

    private static ViewChange change(View view, NodeId... transitional) {
        List<NodeId> joined = new ArrayList<>(view.members());
        joined.removeAll(Arrays.asList(transitional));
        return new ViewChange(view, new TreeSet<>(List.of(transitional)), joined, List.of(), List.of());
    }
}
