package io.loggos.multicast.group.core.viewchange;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.TimingOptions;
import io.loggos.multicast.Connectivity;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Choice of the other view by a member that is in no primary view (RULES.md V-7). */
class NextViewPlanTest {
    private static final long NOW = 1_000_000_000L;
    private static final Member ONE = new Member(NodeId.of(1), 11);
    private static final Member TWO = new Member(NodeId.of(2), 22);

    private static final class AllConnected implements Connectivity {
        @Override
        public boolean connected(NodeId peer) {
            return true;
        }

        @Override
        public boolean connected(NodeId one, NodeId other) {
            return true;
        }
    }

    private static ViewId id(long counter, Member maker) {
        return new ViewId(counter, maker.node(), maker.life());
    }

    /**
     * Tells if member one, alone since the primary view 8, dissolves its view when it hears of this view of member two.
     */
    private static boolean goesTo(long counter, boolean primary, long base) {
        GroupSettings settings = new GroupSettings(
                GroupId.ofName("group"),
                ONE.node(),
                new TreeSet<>(List.of(ONE.node(), TWO.node())),
                TimingOptions.defaults(),
                GroupOptions.of(Ordering.FIFO),
                4 << 20);
        GroupView alone = new GroupView(id(9, ONE), List.of(ONE), false, id(8, ONE));
        NextViewPlan succession = new NextViewPlan(settings, new AllConnected(), alone, List.of(), ONE, NOW);
        assertFalse(succession.isChangeDue(NOW));
        succession.onRival(TWO.node(), new GroupView(id(counter, TWO), List.of(TWO), primary, id(base, TWO)), NOW);
        return succession.isChangeDue(NOW);
    }

    @Test
    void aPrimaryViewIsGoneTo() {
        assertTrue(goesTo(10, true, 10));
    }

    @Test
    void oneThatComesFromALaterPrimaryViewIsGoneTo() {
        assertTrue(goesTo(10, false, 9));
    }

    @Test
    void oneThatComesFromAnEarlierPrimaryViewIsNot() {
        assertFalse(goesTo(10, false, 6));
    }

    @Test
    void wordOfAPrimaryViewThatIsOverIsNotFollowed() {
        assertFalse(goesTo(6, true, 6));
    }
}
