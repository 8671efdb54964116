package io.loggos.multicast.group.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.Relay;
import io.loggos.api.group.View;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.Packet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GroupPaperTest {
    private final GroupCluster cluster = new GroupCluster(3, GroupOptions.of(Ordering.FIFO));

    private static List<NodeId> ids(int... numbers) {
        return java.util.Arrays.stream(numbers).mapToObj(NodeId::of).toList();
    }

    /** Birman and Joseph 1987, section 2: members see the same views, and rank in them by seniority. */
    @Test
    void joinersComeIntoOneViewBySeniority() {
        cluster.startAll();
        for (int i = 1; i <= 3; i++) {
            View view = cluster.site(i).view().view();
            assertEquals(ids(1, 2, 3), view.members());
            assertTrue(view.primary());
            assertEquals(cluster.site(1).view().view().id(), view.id());
        }
    }

    /** Nodes that all start at the same time found one group, not three. */
    @Test
    void ofManyFirstNodesOneFounds() {
        cluster.start(3);
        cluster.start(1);
        cluster.start(2);
        cluster.run(3_000);
        assertEquals(3, cluster.site(2).view().view().members().size());
        assertEquals(cluster.site(1).view().view(), cluster.site(2).view().view());
        assertEquals(cluster.site(1).view().view(), cluster.site(3).view().view());
    }

    /** RULES.md V-15: many joiners at once cost one view change, or two if some come while it is made. */
    @Test
    void joinsAreBatched() {
        GroupCluster herd = new GroupCluster(8, GroupOptions.of(Ordering.FIFO));
        herd.start(1);
        herd.run(1_500);
        int before = herd.site(1).views.size();
        for (int i = 2; i <= 8; i++) {
            herd.start(i);
        }
        herd.run(3_000);
        assertEquals(8, herd.site(1).view().view().members().size());
        assertTrue(herd.site(1).views.size() <= before + 2, herd.site(1).views.toString());
    }

    /**
     * RULES.md V-1, V-17: a message that one survivor has delivered, all deliver in that view, though the sender has
     * failed.
     */
    @Test
    void aMessageOfAFailedSenderReachesAllOrNone() {
        cluster.startAll();
        cluster.hold((to, message) -> message instanceof Packet && to.equals(NodeId.of(2)));
        cluster.site(3).send("last words", Ordering.FIFO);
        cluster.settle();
        assertEquals(List.of("last words"), cluster.site(1).delivered);
        assertTrue(cluster.site(2).delivered.isEmpty());
        cluster.kill(3);
        cluster.hold((to, message) -> false);
        cluster.run(500);
        assertEquals(List.of("last words"), cluster.site(2).delivered);
        List<String> events = cluster.site(2).events;
        assertEquals(
                "last words", events.get(events.size() - 2), "delivered before the view that is without its sender");
        assertEquals(ids(1, 2), cluster.site(2).view().view().members());
    }

    /** A message that is relayed on receipt reaches all once it has reached one, without a view change. */
    @Test
    void relayOnReceiptReachesAllWithoutAViewChange() {
        GroupCluster relaying = new GroupCluster(
                4, GroupOptions.builder(Ordering.FIFO).relay(Relay.ON_RECEIPT).build());
        relaying.startAll();
        View before = relaying.site(4).view().view();
        // The sender's own packet, which comes first, reaches only member 2.
        Set<NodeId> missed = new TreeSet<>(Set.of(NodeId.of(1), NodeId.of(2)));
        relaying.hold((to, message) -> message instanceof Packet packet && packet.origin() == 0 && missed.add(to));
        relaying.site(1).send("to one only", Ordering.FIFO);
        relaying.settle();
        for (int i = 1; i <= 4; i++) {
            assertEquals(List.of("to one only"), relaying.site(i).delivered);
        }
        assertEquals(before, relaying.site(4).view().view());
    }

    /** Lamport 1978: an answer is never delivered before its question. */
    @Test
    void causalOrderHoldsAcrossSenders() {
        cluster.startAll();
        cluster.hold(
                (to, message) -> to.equals(NodeId.of(3)) && message instanceof Packet packet && packet.origin() == 0);
        cluster.site(1).send("question", Ordering.CAUSAL);
        cluster.settle();
        cluster.site(2).send("answer", Ordering.CAUSAL);
        cluster.settle();
        assertTrue(cluster.site(3).delivered.isEmpty());
        cluster.release();
        cluster.settle();
        assertEquals(List.of("question", "answer"), cluster.site(3).delivered);
    }

    /** Total order: concurrent messages are delivered in one order, in which each sender's order is kept. */
    @Test
    void totalOrderIsTheSameEverywhere() {
        cluster.startAll();
        for (int i = 0; i < 10; i++) {
            for (int n = 3; n >= 1; n--) {
                cluster.site(n).send(n + "." + i, Ordering.TOTAL);
            }
        }
        cluster.settle();
        assertEquals(30, cluster.site(1).delivered.size());
        assertEquals(cluster.site(1).delivered, cluster.site(2).delivered);
        assertEquals(cluster.site(1).delivered, cluster.site(3).delivered);
    }

    /**
     * RULES.md V-9: all order the packets that the failed sequencer has not ordered alike, at the end of the old view.
     */
    @Test
    void theOrderIsCompletedWhenTheSequencerFails() {
        cluster.startAll();
        cluster.hold(
                (to, message) -> to.equals(NodeId.of(1)) || (message instanceof Packet packet && packet.origin() == 0));
        cluster.site(2).send("b", Ordering.TOTAL);
        cluster.site(3).send("c", Ordering.TOTAL);
        cluster.settle();
        assertTrue(cluster.site(2).delivered.isEmpty());
        cluster.kill(1);
        cluster.hold((to, message) -> false);
        cluster.run(500);
        assertEquals(List.of("b", "c"), cluster.site(2).delivered);
        assertEquals(List.of("b", "c"), cluster.site(3).delivered);
    }

    /** RULES.md V-5: packets that depend on a message that no survivor has are dropped with it. */
    @Test
    void theCutIsClosedUnderCauses() {
        cluster.startAll();
        cluster.hold(
                (to, message) -> to.equals(NodeId.of(1)) && message instanceof Packet packet && packet.origin() == 2);
        cluster.site(3).send("lost", Ordering.CAUSAL);
        cluster.settle();
        cluster.site(2).send("depends on lost", Ordering.CAUSAL);
        cluster.settle();
        assertTrue(cluster.site(1).delivered.isEmpty());
        cluster.kill(2);
        cluster.kill(3);
        cluster.hold((to, message) -> false);
        cluster.run(3_000);
        assertEquals(ids(1), cluster.site(1).view().view().members());
        assertTrue(cluster.site(1).delivered.isEmpty());
        assertFalse(cluster.site(1).view().view().primary());
    }

    /** RULES.md V-10, V-14: a safe message is delivered only once all have it. */
    @Test
    void safeDeliveryWaitsForAll() {
        cluster.startAll();
        cluster.hold((to, message) -> message instanceof Packet && to.equals(NodeId.of(3)));
        cluster.site(1).send("safe", Ordering.TOTAL, Delivery.SAFE);
        cluster.settle();
        assertTrue(cluster.site(1).delivered.isEmpty());
        assertTrue(cluster.site(2).delivered.isEmpty());
        cluster.release();
        cluster.settle();
        for (int i = 1; i <= 3; i++) {
            assertEquals(List.of("safe"), cluster.site(i).delivered);
        }
    }

    /** RULES.md V-13: a message to one member is delivered there, in its sender's order. */
    @Test
    void aMessageToOneComesInItsPlace() {
        cluster.startAll();
        cluster.site(1).send("a", Ordering.FIFO);
        cluster.site(1).sendTo(2, "b");
        cluster.site(1).send("c", Ordering.FIFO);
        cluster.settle();
        assertEquals(List.of("a", "b", "c"), cluster.site(2).delivered);
        assertEquals(List.of("a", "c"), cluster.site(3).delivered);
    }

    /** RULES.md V-6: a cut that somebody may have acted on is adopted by the coordinator that takes over. */
    @Test
    void aSuccessorFinishesWhatTheCoordinatorBegan() {
        cluster.startAll();
        cluster.hold((to, message) -> message instanceof GroupMessage.Install && !to.equals(NodeId.of(2)));
        cluster.site(3).process.leave(2_000_000_000L);
        cluster.run(300);
        cluster.kill(1);
        cluster.hold((to, message) -> false);
        cluster.run(4_000);
        assertEquals(ids(2), cluster.site(2).view().view().members());
        assertEquals("left", cluster.site(3).events.get(cluster.site(3).events.size() - 1));
    }

    /** A slow application holds up its senders, which exclude it in the end; memory does not grow meanwhile. */
    @Test
    void aMemberThatTakesNothingIsExcluded() {
        cluster.startAll();
        cluster.site(3).takes = false;
        for (int i = 0; i < 6_000; i++) {
            cluster.site(1).send("x".repeat(1_000), Ordering.FIFO);
        }
        cluster.run(500);
        assertTrue(cluster.site(2).delivered.size() < 6_000);
        cluster.run(15_000);
        assertEquals(6_000, cluster.site(2).delivered.size());
        assertTrue(cluster.site(3).events.stream().anyMatch(event -> event.startsWith("evicted")));
    }

    /** The default policy: the side without a majority sends nothing, and joins the primary view when it can. */
    @Test
    void aPartitionHealsIntoThePrimaryView() {
        cluster.startAll();
        cluster.trim((one, other) -> one <= 2 && other == 3);
        cluster.run(3_000);
        assertFalse(cluster.site(3).view().view().primary());
        assertEquals(ids(1, 2), cluster.site(1).view().view().members());
        cluster.site(3).send("waits", Ordering.FIFO);
        cluster.run(500);
        assertTrue(cluster.site(3).delivered.isEmpty());
        cluster.trim((one, other) -> false);
        cluster.run(3_000);
        assertEquals(ids(1, 2, 3), cluster.site(1).view().view().members());
        assertEquals(cluster.site(1).view().view(), cluster.site(3).view().view());
        assertEquals(List.of("waits"), cluster.site(1).delivered);
    }

    /** Both sides go on, and the event that joins them tells which members were in which view. */
    @Test
    void partitionsThatGoOnAreMerged() {
        GroupCluster four = new GroupCluster(
                4,
                GroupOptions.builder(Ordering.FIFO)
                        .partitionPolicy(PartitionPolicy.CONTINUE)
                        .build());
        four.startAll();
        four.trim((one, other) -> one <= 2 && other > 2);
        four.run(3_000);
        assertEquals(ids(3, 4), four.site(3).view().view().members());
        four.site(3).send("on this side", Ordering.FIFO);
        four.run(200);
        assertEquals(List.of("on this side"), four.site(4).delivered);
        four.trim((one, other) -> false);
        four.run(4_000);
        assertEquals(4, four.site(3).view().view().members().size());
        List<View> merged = four.site(3).view().merged();
        assertEquals(2, merged.size(), merged.toString());
        assertEquals(ids(3, 4), merged.get(0).members());
        assertEquals(ids(1, 2), merged.get(1).members());
        assertEquals(ids(1, 2), four.site(1).view().merged().get(0).members());
        assertTrue(four.site(1).view().view().primary());
    }
}
