package io.loggos.multicast.group.sim.predicate;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.NodeId;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.testkit.Violation;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The checkers of memberships complain of histories that are spoilt on purpose. */
class MembershipCheckersTest {
    private static final NodeId N1 = NodeId.of(1);
    private static final NodeId N2 = NodeId.of(2);
    private static final Life A = new Life(N1, 1);
    private static final Life B = new Life(N2, 1);
    private static final View V1 = new View(new ViewId(1, N1, 1), List.of(N1, N2), true);
    private static final View V2 = new View(new ViewId(2, N1, 1), List.of(N1, N2), true);

    private final Ghost ghost = new Ghost(3, false, PartitionPolicy.REFUSE, true, 1_000);

    MembershipCheckersTest() {
        for (Life life : List.of(A, B)) {
            ghost.installed(life, change(V1, life.node()), State.EMPTY);
        }
    }

    private static ViewChange change(View view, NodeId... together) {
        return new ViewChange(view, new TreeSet<>(List.of(together)), List.of(), List.of(), List.of());
    }

    private static void complains(String predicate, Runnable event) {
        assertEquals(predicate, assertThrows(Violation.class, event::run).predicate());
    }

    /** The ghost derives who moves together by itself. */
    @Test
    void vs6MembersThatMoveTogetherAreToldSo() {
        ghost.together.cameFrom(A, change(V2, N1), V1.id());
        ghost.together.cameFrom(B, change(V2, N2), V1.id());
        ghost.installed(A, change(V2, N1), State.EMPTY);
        complains("VS6", () -> ghost.installed(B, change(V2, N2), State.EMPTY));
    }

    @Test
    void vs6NewcomersMoveWithNobody() {
        ghost.newcomer(B, V2.id());
        complains("VS6", () -> ghost.together.cameFrom(A, change(V2, N1, N2), V1.id()));
    }

    @Test
    void vs6NewcomersThatAreKnownLaterMoveWithNobody() {
        ghost.together.cameFrom(A, change(V2, N1, N2), V1.id());
        complains("VS6", () -> ghost.newcomer(B, V2.id()));
    }

    @Test
    void vs18MemberHasNotJoinedAnew() {
        ViewChange joined = new ViewChange(V2, new TreeSet<>(List.of(N1)), List.of(N1), List.of(), List.of());
        complains("VS18", () -> ghost.installed(A, joined, State.EMPTY));
        ghost.ended(A);
        assertDoesNotThrow(() -> ghost.installed(A, joined, State.EMPTY));
    }

    @Test
    void queuesAreBounded() {
        assertDoesNotThrow(() -> ghost.stability.waiting(A, 9_000));
        complains("queue", () -> ghost.stability.waiting(A, 9_001));
    }
}
