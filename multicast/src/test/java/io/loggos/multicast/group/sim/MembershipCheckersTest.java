package io.loggos.multicast.group.sim;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.NodeId;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.View;
import io.loggos.api.group.ViewChange;
import io.loggos.api.group.ViewId;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.sim.predicate.FoundingRules;
import io.loggos.multicast.group.sim.predicate.Ghost;
import io.loggos.multicast.group.sim.predicate.Life;
import io.loggos.multicast.group.sim.predicate.State;
import io.loggos.testkit.Violation;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
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

    private final Ghost ghost = new Ghost(3, false, PartitionPolicy.REFUSE, true, 1_000, founding(Set.of()));

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
        assertDoesNotThrow(() -> ghost.stability.waiting(A, 9_000, false));
        complains("queue", () -> ghost.stability.waiting(A, 9_001, false));
        assertDoesNotThrow(() -> ghost.stability.waiting(A, 27_000, true));
        complains("queue", () -> ghost.stability.waiting(A, 27_001, true));
    }

    private static FoundingRules founding(Set<NodeId> founders) {
        return new FoundingRules(3, founders, 100, 1_000);
    }

    private static GroupView first(int counter, int... nodes) {
        List<Member> members = Arrays.stream(nodes)
                .mapToObj(node -> new Member(NodeId.of(node), 1))
                .toList();
        return new GroupView(new ViewId(counter, members.get(0).node(), 1), members, true, null);
    }

    private static SortedSet<NodeId> up(int... nodes) {
        TreeSet<NodeId> up = new TreeSet<>();
        Arrays.stream(nodes).forEach(node -> up.add(NodeId.of(node)));
        return up;
    }

    @Test
    void vs21MajorityFounds() {
        FoundingRules rules = founding(Set.of());
        rules.looks(A, 5_000);
        assertDoesNotThrow(() -> rules.founds(A, first(1, 1, 2), up(1, 2), 5_000));
        complains("VS21", () -> rules.founds(A, first(2, 1, 2), up(1, 2, 3), 5_100));
        assertDoesNotThrow(() -> rules.founds(A, first(3, 1, 2), up(1, 2, 3), 5_101));
        complains("VS21", () -> rules.founds(A, first(4, 1), up(1, 2), 5_999));
        complains("VS21", () -> rules.founds(A, first(5, 1), up(1), 5_999));
        assertDoesNotThrow(() -> rules.founds(A, first(6, 1), up(1, 2, 3), 6_000));
    }

    @Test
    void vs21NamedFoundersFound() {
        FoundingRules rules = founding(Set.of(N1, N2));
        rules.looks(A, 5_000);
        complains("VS21", () -> rules.founds(A, first(1, 1, 3), up(1, 3), 5_999));
        assertDoesNotThrow(() -> rules.founds(A, first(2, 1, 2), up(1, 2, 3), 5_000));
    }

    /** Two first views do not stand side by side. */
    @Test
    void vs13OneFirstView() {
        View other = new View(new ViewId(3, N2, 1), List.of(N2), true);
        for (Life life : List.of(A, B)) {
            ghost.founding.looks(life, 0);
        }
        ghost.founding.founds(A, first(1, 1), up(1, 2, 3), 1_000);
        ghost.founding.founds(B, first(3, 2), up(1, 2, 3), 1_000);
        for (NodeId node : List.of(N1, N2)) {
            ghost.primary.granted(V1.id(), node, 1);
            ghost.primary.granted(other.id(), node, 1);
        }
        ghost.primary.entered(A, V1, false);
        complains("VS13", () -> ghost.primary.entered(B, other, false));
        ghost.primary.ended(A);
        assertDoesNotThrow(() -> ghost.primary.entered(B, other, false));
    }
}
