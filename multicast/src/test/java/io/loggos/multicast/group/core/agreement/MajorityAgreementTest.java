package io.loggos.multicast.group.core.agreement;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.group.core.Groups;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.LifeNumbers;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Proposal;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Grants of one node (RULES.md V-7); time stands still. */
class MajorityAgreementTest {
    private static final GroupId GROUP = GroupId.ofName("group");
    private static final Member ONE = new Member(NodeId.of(1), 11);
    private static final Member TWO = new Member(NodeId.of(2), 22);
    private static final Member THREE = new Member(NodeId.of(3), 33);

    private final Groups groups = new Groups(
            NodeId.of(5),
            new TreeSet<>(List.of(NodeId.of(1), NodeId.of(2), NodeId.of(3), NodeId.of(4), NodeId.of(5))),
            TimingOptions.ofElectionTimeout(Duration.ofMillis(500)),
            new LifeNumbers(0),
            (to, group, message) -> {});

    private final ViewId before = new ViewId(1, ONE.node(), ONE.life());
    private final GroupView second = view(2, ONE, List.of(ONE, TWO, THREE));

    private GroupView view(long counter, Member maker, List<Member> members) {
        return new GroupView(new ViewId(counter, maker.node(), maker.life()), members, true, before);
    }

    private boolean grants(GroupView view, long round, Member asker, Member... survivors) {
        return ((MajorityAgreement) groups.majority())
                .grant(GROUP, new Proposal(view, before, new Attempt(round, asker.node()), List.of(survivors)))
                .granted();
    }

    @Test
    void whoProposesAnewHasGivenUpWhatItProposed() {
        assertTrue(grants(second, 1, ONE, ONE, TWO, THREE));
        assertTrue(grants(view(3, ONE, List.of(ONE)), 1, ONE, ONE));
    }

    @Test
    void theOtherPartOfAPartitionIsRefused() {
        assertTrue(grants(second, 1, ONE, ONE, TWO));
        assertFalse(grants(view(3, THREE, List.of(THREE)), 1, THREE, THREE));
    }

    @Test
    void whoProposesAnewHasNotGivenUpWhatAnotherHasTakenOver() {
        assertTrue(grants(second, 1, ONE, ONE, TWO, THREE));
        assertTrue(grants(second, 4, THREE, THREE));
        assertFalse(grants(view(3, ONE, List.of(ONE, TWO)), 5, ONE, ONE, TWO));
    }
}
