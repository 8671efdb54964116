package io.loggos.multicast.group.core.viewchange;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupOptions.Agreement;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.GroupMessage.Next;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.VectorClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Reactions of a coordinator to the answers of the agreement, by their time (RULES.md V-7). */
class CoordinatorTest {
    private static final long START = 1_000_000_000L;
    private static final long ELECTION = 500_000_000L;
    private static final Member ONE = new Member(NodeId.of(1), 11);
    private static final Member TWO = new Member(NodeId.of(2), 22);
    private static final ViewId BEFORE = new ViewId(1, ONE.node(), ONE.life());
    private static final ViewId AFTER = new ViewId(2, ONE.node(), ONE.life());
    private static final Attempt ATTEMPT = new Attempt(2, ONE.node());
    private static final VectorClock NOTHING = VectorClock.of(0, 0);
    private static final Next PRIMARY =
            new Next(new GroupView(AFTER, List.of(ONE, TWO), true, BEFORE), List.of(), List.of(), null);

    private final List<String> told = new ArrayList<>();
    private final List<Proposal> asked = new ArrayList<>();

    private final class Group implements Coordinator.Host {
        private final List<VectorClock> unions;

        Group(List<VectorClock> unions) {
            this.unions = unions;
        }

        @Override
        public void tell(Member member, GroupMessage message) {
            if (message instanceof Trim trim) {
                unions.add(trim.union());
            }
            told.add(member
                    + (message instanceof Trim trim ? (trim.next().view().primary() ? " primary" : " not") : ""));
        }

        @Override
        public Next next(Map<Member, Flushed> digests) {
            return PRIMARY;
        }

        @Override
        public boolean hasMajority() {
            return true;
        }

        @Override
        public void propose(Proposal proposal) {
            asked.add(proposal);
        }

        @Override
        public void evict(String reason) {
            told.add("evicted");
        }
    }

    /** Creates a coordinator that has flushed a view of two. */
    private Coordinator flushed(Agreement agreement, @Nullable Trim trimmed) {
        Coordinator coordinator = coordinator(agreement, ATTEMPT, new ArrayList<>());
        for (Member member : List.of(ONE, TWO)) {
            coordinator.onFlushed(member, new Flushed(BEFORE, ATTEMPT, NOTHING, trimmed, true), START + 1);
        }
        return coordinator;
    }

    /** @param unions takes the cuts that it gives out */
    private Coordinator coordinator(Agreement agreement, Attempt attempt, List<VectorClock> unions) {
        GroupSettings settings = new GroupSettings(
                GroupId.ofName("group"),
                ONE.node(),
                new TreeSet<>(List.of(ONE.node(), TWO.node())),
                TimingOptions.ofElectionTimeout(Duration.ofNanos(ELECTION)),
                GroupOptions.builder(Ordering.FIFO).agreement(agreement).build(),
                4 << 20);
        return new Coordinator(
                new Group(unions),
                new GroupView(BEFORE, List.of(ONE, TWO), true, BEFORE),
                attempt,
                List.of(ONE, TWO),
                settings,
                START);
    }

    private static Trim earlierCut() {
        return new Trim(
                BEFORE, new Attempt(1, TWO.node()), List.of(ONE, TWO), List.of(NOTHING, NOTHING), NOTHING, PRIMARY);
    }

    @Test
    void aViewIsPrimaryOnceItIsAgreedOn() {
        Coordinator coordinator = flushed(Agreement.MAJORITY, null);
        assertEquals(List.of(), told);
        coordinator.onAgreed(asked.get(0), true, false, START + 2);
        assertEquals(List.of("n1 primary", "n2 primary"), told);
    }

    @Test
    void anAnswerThatIsLateIsNone() {
        Coordinator coordinator = flushed(Agreement.MAJORITY, null);
        coordinator.onAgreed(asked.get(0), true, false, START + ELECTION);
        assertEquals(List.of(), told);
        coordinator.prompt(START + ELECTION);
        assertEquals(List.of("n1 not", "n2 not"), told);
    }

    @Test
    void anAttemptThatIsTakenOverIsAskedForAgainSinceWhatAMajorityGrantsLapses() {
        Coordinator coordinator = flushed(Agreement.MAJORITY, earlierCut());
        assertEquals(List.of(), told);
        coordinator.onAgreed(asked.get(0), true, false, START + 2);
        assertEquals(List.of("n1 primary", "n2 primary"), told);
    }

    /** RULES.md V-6: of two cuts that were acknowledged, that of the highest attempt may have been acted on. */
    @Test
    void cutOfTheHighestAttemptIsAdopted() {
        VectorClock more = VectorClock.of(3, 1);
        Trim first = earlierCut();
        Trim second =
                new Trim(BEFORE, new Attempt(2, TWO.node()), List.of(ONE, TWO), List.of(more, more), more, PRIMARY);
        for (List<Trim> cuts : List.of(List.of(first, second), List.of(second, first))) {
            List<VectorClock> unions = new ArrayList<>();
            Coordinator coordinator = coordinator(Agreement.LOG, new Attempt(3, ONE.node()), unions);
            coordinator.onFlushed(
                    ONE, new Flushed(BEFORE, new Attempt(3, ONE.node()), NOTHING, cuts.get(0), true), START + 1);
            coordinator.onFlushed(
                    TWO, new Flushed(BEFORE, new Attempt(3, ONE.node()), NOTHING, cuts.get(1), true), START + 1);
            assertEquals(List.of(more, more), unions);
        }
    }

    @Test
    void anAttemptThatOthersHaveGoneOnBesideIsGivenUp() {
        flushed(Agreement.MAJORITY, earlierCut()).onAgreed(asked.get(0), false, false, START + 2);
        assertEquals(List.of("evicted"), told);
    }

    @Test
    void whatALogGrantsStands() {
        flushed(Agreement.LOG, earlierCut());
        assertEquals(List.of("n1 primary", "n2 primary"), told);
        assertEquals(List.of(), asked);
    }
}
