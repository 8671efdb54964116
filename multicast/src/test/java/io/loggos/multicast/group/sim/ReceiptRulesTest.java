package io.loggos.multicast.group.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.Receipt.Outcome;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.sim.predicate.FoundingRules;
import io.loggos.multicast.group.sim.predicate.Ghost;
import io.loggos.multicast.group.sim.predicate.Life;
import io.loggos.multicast.group.sim.predicate.State;
import io.loggos.testkit.Violation;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The checker of receipts is given some that are true, and some that are not: of those it must complain. */
class ReceiptRulesTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final NodeId N3 = NodeId.of(3);
    private static final Life A = new Life(N1, 1);
    private static final Life B = new Life(N2, 1);
    private static final View V1 = view(1, true, N1, N2, N3);
    private static final View V2 = view(2, true, N1, N2, N3);

    private Ghost ghost =
            new Ghost(3, false, PartitionPolicy.REFUSE, true, 1_000, new FoundingRules(3, Set.of(), 100, 1_000));

    @Test
    void vs20AReceiptOfAMulticastIsTrue() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.ON_RECEIPT);
        complains("VS20", () -> tell(A, 1, Outcome.DELIVERED, false));
        complains("VS20", () -> tell(A, 1, Outcome.NOT_SENT, false));
        complains("VS20", () -> tell(A, 2, Outcome.DELIVERED, false));
        give(A, 1);
        complains("VS20", () -> tell(A, 1, Outcome.STABLE, false));
        tell(A, 1, Outcome.DELIVERED, false);
        tell(A, 2, Outcome.NOT_SENT, false);
        complains("VS20", () -> ghost.receipt(A, 1, new Receipt(Outcome.DELIVERED, Optional.of(V2)), false));
        tell(A, 1, Outcome.UNKNOWN, false);
        complains("VS20", () -> ghost.installed(A, change(V2, N1), State.EMPTY));
    }

    @Test
    void vs20WhatIsStableIsEverywhere() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.SAFE);
        ghost.delivered(A, N1, 1, V1.id(), true, null);
        tell(A, 1, Outcome.STABLE, false);
        complains("VS20", () -> ghost.installed(B, change(V2, N2), State.EMPTY));
        begin(A, B);
        send(A, 1, Ordering.FIFO, Delivery.SAFE);
        ghost.delivered(A, N1, 1, V1.id(), true, null);
        ghost.installed(B, change(V2, N2), State.EMPTY);
        complains("VS20", () -> tell(A, 1, Outcome.STABLE, false));
        tell(A, 1, Outcome.STABLE, true);
        complains("VS20", () -> ghost.installed(A, change(view(2, false, N1), N1), State.EMPTY));
    }

    @Test
    void vs20AReceiptOfAMessageToOneIsTrue() {
        begin(A, B);
        send(A, 1, Ordering.FIFO, N2);
        complains("VS20", () -> tell(A, 1, Outcome.DELIVERED, false));
        tell(A, 1, Outcome.DELIVERED, true);
        complains("VS20", () -> ghost.installed(B, change(V2, N1, N2), State.EMPTY));
        complains("VS20", () -> ghost.installed(A, change(V2, N1), State.EMPTY));
        give(B, 1);
        tell(A, 1, Outcome.DELIVERED, false);
        ghost.installed(B, change(V2, N1, N2), State.EMPTY);
        ghost.installed(A, change(V2, N1, N2), State.EMPTY);
    }

    private void tell(Life life, long id, Outcome outcome, boolean atCut) {
        ghost.receipt(life, id, new Receipt(outcome, Optional.of(V1)), atCut);
    }

    private void begin(Life... lives) {
        ghost = new Ghost(3, false, PartitionPolicy.REFUSE, true, 1_000, new FoundingRules(3, Set.of(), 100, 1_000));
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

    private void give(Life to, long id) {
        ghost.delivered(to, ghost.message(id).sender(), id, V1.id(), false, null);
    }

    private static void complains(String predicate, Runnable spoilt) {
        Violation violation = assertThrows(Violation.class, spoilt::run);
        assertEquals(predicate, violation.predicate(), violation.getMessage());
    }

    private static View view(long counter, boolean primary, NodeId... members) {
        return new View(new ViewId(counter, N1, 1), List.of(members), primary);
    }

    private static ViewChange change(View view, NodeId... transitional) {
        return new ViewChange(view, new TreeSet<>(List.of(transitional)), List.of(), List.of(), List.of());
    }
}
