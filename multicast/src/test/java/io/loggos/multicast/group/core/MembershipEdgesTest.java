package io.loggos.multicast.group.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Ordering;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.multicast.group.core.GroupCluster.Site;
import io.loggos.multicast.group.core.model.GroupMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Members that leave, fail, cannot take the state or take nothing at the wrong moment (RULES.md V-19, V-20). */
class MembershipEdgesTest {
    private static final String PAYLOAD = "x".repeat(1_000);

    /** State of an application whose transfer the tests play. */
    private static final class PlayedState implements GroupState {
        @Override
        public CheckpointWriter capture() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(Path directory) {
            throw new UnsupportedOperationException();
        }
    }

    private static List<NodeId> ids(int... numbers) {
        return Arrays.stream(numbers).mapToObj(NodeId::of).toList();
    }

    private static GroupCluster stateful(int size) {
        return new GroupCluster(
                size,
                GroupOptions.builder(Ordering.FIFO)
                        .state(new PlayedState())
                        .windowBytes(64 << 10)
                        .maxMessageBytes(4 << 10)
                        .slowMemberTimeout(Duration.ofSeconds(2))
                        .build());
    }

    private static GroupCluster plain(int size) {
        return new GroupCluster(
                size,
                GroupOptions.builder(Ordering.FIFO)
                        .windowBytes(64 << 10)
                        .maxMessageBytes(4 << 10)
                        .slowMemberTimeout(Duration.ofSeconds(2))
                        .build());
    }

    private static long count(Site site, String event) {
        return site.events.stream().filter(each -> each.startsWith(event)).count();
    }

    /** All that are left agree on a view, and get what is safe and what is total. */
    private static void assertWorks(GroupCluster cluster, int... members) {
        for (int member : members) {
            assertEquals(ids(members), cluster.site(member).members());
        }
        cluster.site(members[0]).send("safe", Ordering.CAUSAL, Delivery.SAFE);
        cluster.site(members[0]).send("total", Ordering.TOTAL);
        cluster.run(500);
        for (int member : members) {
            assertTrue(cluster.site(member).delivered.containsAll(List.of("safe", "total")), "at " + member);
        }
    }

    /** A node that leaves in any step of joining is in no view soon after. */
    @Test
    void nodeThatLeavesWhileItJoinsIsNoGhost() {
        for (int after = 0; after <= 400; after += 20) {
            GroupCluster cluster = new GroupCluster(3, GroupOptions.of(Ordering.FIFO));
            cluster.start(1);
            cluster.run(1_500);
            cluster.start(2);
            cluster.run(1_000);
            Site third = cluster.start(3);
            cluster.run(after);
            third.leave();
            cluster.run(2_500);
            assertEquals(1, count(third, "left"));
            assertWorks(cluster, 1, 2);
        }
    }

    /** The coordinator does not come to the end of its leave in time; its successor goes on without it. */
    @Test
    void coordinatorThatGivesUpItsLeaveIsNoGhost() {
        GroupCluster cluster = new GroupCluster(3, GroupOptions.of(Ordering.FIFO));
        cluster.startAll();
        cluster.hold((to, message) -> to.equals(NodeId.of(1)) && message instanceof GroupMessage.Flushed);
        cluster.site(1).leave();
        cluster.run(4_000);
        assertEquals(1, count(cluster.site(1), "left"));
        assertWorks(cluster, 2, 3);
    }

    /** A node answers what is sent to its former member, since the member's last words may be lost. */
    @Test
    void nodeWithoutTheGroupAnswersForItsFormerMember() {
        GroupCluster cluster = new GroupCluster(3, GroupOptions.of(Ordering.FIFO));
        cluster.startAll();
        cluster.hold((to, message) -> (to.equals(NodeId.of(1)) && message instanceof GroupMessage.Flushed)
                || message instanceof GroupMessage.Absent);
        cluster.site(1).leave();
        cluster.run(3_000);
        assertEquals(1, count(cluster.site(1), "left"));
        cluster.hold((to, message) -> false);
        cluster.run(2_500);
        assertWorks(cluster, 2, 3);
    }

    /** A process starts again before anybody misses it, and its application does not join again. */
    @Test
    void nodeThatStartsAgainWithoutTheGroupIsNoGhost() {
        for (int restarted = 1; restarted <= 3; restarted++) {
            GroupCluster cluster = new GroupCluster(3, GroupOptions.of(Ordering.FIFO));
            cluster.startAll();
            cluster.startWithout(restarted);
            cluster.run(3_000);
            int[] others = {restarted == 1 ? 2 : 1, restarted == 3 ? 2 : 3};
            assertWorks(cluster, others);
        }
    }

    /** The coordinator leaves while another member has failed and nobody knows. */
    @Test
    void coordinatorThatLeavesBesideAFailedMemberIsNoGhost() {
        GroupCluster cluster = new GroupCluster(4, GroupOptions.of(Ordering.FIFO));
        cluster.startAll();
        cluster.killUnnoticed(3);
        cluster.site(1).leave();
        cluster.run(10_000);
        assertEquals(1, count(cluster.site(1), "left"));
        assertWorks(cluster, 2, 4);
    }

    /** A member that has left, and does not know, learns it when it says so again. */
    @Test
    void leaveIsAcknowledged() {
        GroupCluster cluster = new GroupCluster(3, GroupOptions.of(Ordering.FIFO));
        cluster.startAll();
        cluster.hold((to, message) -> to.equals(NodeId.of(3)) && message instanceof GroupMessage.Install);
        cluster.site(3).leave();
        cluster.run(600);
        assertEquals(ids(1, 2), cluster.site(1).members());
        cluster.run(400);
        assertEquals(1, count(cluster.site(3), "left"));
    }

    /** The only member with the state leaves: it stays until the newcomer has the state. */
    @Test
    void leaveWaitsForTheTransferOfTheState() {
        GroupCluster cluster = stateful(2);
        Site first = cluster.start(1);
        cluster.run(1_500);
        Site second = cluster.start(2);
        cluster.run(500);
        int views = first.views.size();
        first.leave();
        cluster.run(2_500);
        assertEquals(0, count(first, "left"));
        assertEquals(views, first.views.size(), () -> "a view changes without a reason: " + first.events);
        second.restore();
        cluster.run(1_000);
        assertEquals(1, count(first, "left"));
        assertEquals(0, count(second, "evicted"));
        assertEquals(ids(2), second.members());
    }

    /** It does not wait for ever. The newcomer is told that the state is lost. */
    @Test
    void lossOfTheStateIsTold() {
        GroupCluster cluster = stateful(2);
        Site first = cluster.start(1);
        cluster.run(1_500);
        Site second = cluster.start(2);
        cluster.run(500);
        first.leave();
        cluster.run(8_000);
        assertEquals(1, count(first, "left"));
        assertEquals(1, count(second, "evicted: nobody goes on that has the state"), second.events::toString);
        assertTrue(count(first, "capture") <= 2, first.events::toString);
    }

    /** A newcomer that cannot restore the state tries again less and less often. */
    @Test
    void newcomerThatCannotRestoreBacksOff() {
        GroupCluster cluster = stateful(3);
        cluster.start(1);
        cluster.run(1_500);
        cluster.start(2);
        cluster.run(500);
        cluster.site(2).restore();
        cluster.run(500);
        int before = cluster.site(1).views.size();
        Site third = cluster.start(3);
        for (int tenths = 0; tenths < 100; tenths++) {
            cluster.run(100);
            if (third.fetching != null) {
                third.loseState();
            }
        }
        int views = cluster.site(1).views.size() - before;
        assertTrue(views <= 14, () -> views + " views in 10 s");
        assertTrue(count(third, "evicted") >= 3, third.events::toString);
        cluster.run(10_000);
        third.restore();
        cluster.run(1_000);
        assertWorks(cluster, 1, 2, 3);
    }

    /** A member whose application is stuck is excluded once, and comes back when the application goes on. */
    @Test
    void stuckApplicationIsExcludedOnce() {
        GroupCluster cluster = plain(3);
        cluster.startAll();
        Site stuck = cluster.site(3);
        stuck.stuck = true;
        stuck.takes = false;
        int views = cluster.site(1).views.size();
        for (int tenths = 0; tenths < 300; tenths++) {
            for (int i = 0; i < 10; i++) {
                cluster.site(1).send(PAYLOAD, Ordering.FIFO);
            }
            cluster.run(100);
        }
        assertEquals(ids(1, 2), cluster.site(1).members());
        assertEquals(views + 1, cluster.site(1).views.size());
        assertEquals(1, count(stuck, "evicted"));
        assertTrue(stuck.delivered.size() <= 80, () -> stuck.delivered.size() + " messages wait");
        assertEquals(3_000, cluster.site(1).delivered.size());
        stuck.stuck = false;
        stuck.takes = true;
        cluster.run(2_000);
        assertWorks(cluster, 1, 2, 3);
    }

    /** Two members with the state, and a newcomer that waits for it. */
    private static GroupCluster withNewcomer() {
        GroupCluster cluster = stateful(3);
        cluster.start(1);
        cluster.run(1_500);
        cluster.start(2);
        cluster.run(500);
        cluster.site(2).restore();
        Site newcomer = cluster.start(3);
        newcomer.takes = false;
        cluster.run(500);
        assertEquals(ids(1, 2, 3), cluster.site(1).members());
        return cluster;
    }

    /** Sends messages in each tenth of a second, all of which the second member has at its end. */
    private static void sendSteadily(GroupCluster cluster, int tenths, int messages) {
        for (int tenth = 0; tenth < tenths; tenth++) {
            int before = cluster.site(2).delivered.size();
            for (int i = 0; i < messages; i++) {
                cluster.site(1).send(PAYLOAD, Ordering.FIFO);
            }
            cluster.run(100);
            assertEquals(before + messages, cluster.site(2).delivered.size(), "the group is held up");
        }
    }

    /** RULES.md V-14: a newcomer that waits for the state holds up nobody. When too much waits for it, it leaves. */
    @Test
    void slowTransferDoesNotHoldUpTheGroup() {
        GroupCluster cluster = withNewcomer();
        Site slow = cluster.site(3);
        for (int i = 0; i < 1_650; i++) {
            cluster.site(1).send(PAYLOAD, Ordering.FIFO);
        }
        cluster.run(700);
        assertEquals(1_650, cluster.site(2).delivered.size());
        assertEquals(1, count(slow, "evicted: the state has not come before"), slow.events::toString);
        assertTrue(slow.delivered.size() < 1_650, () -> slow.delivered.size() + " messages wait");
    }

    /** It comes back, and twice as many messages may wait for it: so it catches up in the end. */
    @Test
    void newcomerWithASlowTransferIsFedMoreEachTime() {
        GroupCluster cluster = withNewcomer();
        Site slow = cluster.site(3);
        for (int tenths = 0; count(slow, "fetch") < 2; tenths++) {
            assertTrue(tenths < 30, slow.events::toString);
            for (int i = 0; i < 50; i++) {
                cluster.site(1).send(PAYLOAD, Ordering.FIFO);
            }
            cluster.run(100);
        }
        sendSteadily(cluster, 14, 50);
        assertEquals(1, count(slow, "evicted"), slow.events::toString);
        slow.restore();
        sendSteadily(cluster, 5, 50);
        assertEquals(1, count(slow, "evicted"), slow.events::toString);
        slow.takes = true;
        sendSteadily(cluster, 20, 50);
        slow.takes = false;
        assertEquals(ids(1, 2, 3), cluster.site(1).members());
        for (int i = 0; i < 300; i++) {
            cluster.site(1).send(PAYLOAD, Ordering.FIFO);
        }
        int before = slow.delivered.size();
        cluster.run(500);
        int waiting = slow.delivered.size() - before;
        assertTrue(waiting < 150, () -> waiting + " messages wait though it has caught up");
    }

    /** As long as the transfer is too slow, views change rarely, and the group goes on. */
    @Test
    void newcomerThatNeverCatchesUpLooksLessAndLessOften() {
        GroupCluster cluster = withNewcomer();
        int views = cluster.site(1).views.size();
        for (int tenths = 0; tenths < 200; tenths++) {
            for (int i = 0; i < 200; i++) {
                cluster.site(1).send(PAYLOAD, Ordering.FIFO);
            }
            cluster.run(100);
        }
        cluster.run(200);
        assertEquals(40_000, cluster.site(2).delivered.size());
        int changes = cluster.site(1).views.size() - views;
        assertTrue(changes <= 16, () -> changes + " views in 20 s");
        assertTrue(count(cluster.site(3), "evicted") >= 4, cluster.site(3).events::toString);
    }

    /** In a view that may not send, nobody is excluded for not taking what was sent before. */
    @Test
    void untakenBytesOfEarlierViewsExcludeNobodyWhereNothingIsSent() {
        GroupCluster cluster = plain(3);
        cluster.startAll();
        cluster.site(1).takes = false;
        for (int i = 0; i < 100; i++) {
            cluster.site(1).send(PAYLOAD, Ordering.FIFO);
        }
        cluster.run(100);
        cluster.trim((one, other) -> one == 1);
        cluster.run(2_000);
        assertEquals(ids(1), cluster.site(1).members());
        assertFalse(cluster.site(1).view().view().primary());
        cluster.run(6_000);
        assertEquals(0, count(cluster.site(1), "evicted"), cluster.site(1).events::toString);
    }
}
