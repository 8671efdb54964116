package io.loggos.multicast.group.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Receipt;
import io.loggos.api.group.Receipt.Outcome;
import io.loggos.multicast.group.core.model.Packet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** RULES.md V-25: the sender learns what became of its message. */
class OpenReceiptsTest {
    private static final NodeId N2 = NodeId.of(2);
    private static final NodeId N3 = NodeId.of(3);

    private final GroupCluster cluster = new GroupCluster(3, GroupOptions.of(Ordering.FIFO));

    private static List<Outcome> outcomes(List<Receipt> receipts) {
        return receipts.stream().map(Receipt::outcome).toList();
    }

    private void holdPacketsTo(NodeId node) {
        cluster.hold((to, message) -> to.equals(node) && message instanceof Packet);
    }

    /** Birman and Joseph 1987: what is delivered here, all deliver that go on with this member. */
    @Test
    void aMulticastIsDeliveredOnceItIsHere() {
        cluster.startAll();
        List<Receipt> receipts = cluster.site(2).ask("a", Delivery.ON_RECEIPT, null);
        cluster.settle();
        assertEquals(List.of(Outcome.DELIVERED), outcomes(receipts));
        assertEquals(cluster.site(2).view().view(), receipts.get(0).view().orElseThrow());
    }

    /** RULES.md V-10: a safe message is stable once all have it, and not before. */
    @Test
    void aSafeMulticastIsStableOnceAllHaveIt() {
        cluster.startAll();
        holdPacketsTo(N3);
        List<Receipt> receipts = cluster.site(1).ask("a", Delivery.SAFE, null);
        cluster.settle();
        assertEquals(List.of(), receipts);
        cluster.release();
        cluster.settle();
        assertEquals(List.of(Outcome.STABLE), outcomes(receipts));
    }

    /** All survivors of a cut have it, so in a primary view a safe message of the cut is stable. */
    @Test
    void aSafeMulticastOfTheCutIsStableInAPrimaryView() {
        cluster.startAll();
        holdPacketsTo(N3);
        List<Receipt> receipts = cluster.site(1).ask("a", Delivery.SAFE, null);
        cluster.settle();
        cluster.kill(3);
        cluster.run(2_000);
        assertEquals(List.of(Outcome.STABLE), outcomes(receipts));
        assertEquals(List.of("a"), cluster.site(2).delivered);
    }

    /** The side that is not primary delivers what it has, but nothing says that the primary side does. */
    @Test
    void aSafeMulticastOfAMinorityIsOnlyDelivered() {
        cluster.startAll();
        cluster.hold((to, message) -> message instanceof Packet);
        List<Receipt> receipts = cluster.site(3).ask("a", Delivery.SAFE, null);
        cluster.settle();
        cluster.trim((one, other) -> one <= 2 && other == 3);
        cluster.run(3_000);
        assertEquals(List.of(Outcome.DELIVERED), outcomes(receipts));
        assertEquals(List.of(), cluster.site(1).delivered);
    }

    /** A message to one member is delivered once its application has taken it, not when it has come. */
    @Test
    void aMessageToOneIsDeliveredOnceItIsTaken() {
        cluster.startAll();
        cluster.site(2).takes = false;
        List<Receipt> slow = cluster.site(1).ask("a", Delivery.ON_RECEIPT, N2);
        List<Receipt> fast = cluster.site(1).ask("b", Delivery.ON_RECEIPT, N3);
        cluster.run(500);
        assertEquals(List.of(), slow);
        assertEquals(List.of(Outcome.DELIVERED), outcomes(fast));
    }

    /** RULES.md V-13: the flush brings a message to one member to a member that goes on. */
    @Test
    void aMessageToOneThatGoesOnIsDeliveredWithTheCut() {
        cluster.startAll();
        holdPacketsTo(N3);
        List<Receipt> receipts = cluster.site(1).ask("a", Delivery.ON_RECEIPT, N3);
        cluster.settle();
        cluster.kill(2);
        cluster.hold((to, message) -> false);
        cluster.run(2_000);
        assertEquals(List.of(Outcome.DELIVERED), outcomes(receipts));
        assertEquals(List.of("a"), cluster.site(3).delivered);
    }

    /** The receiver fails before it is known to have taken the message. */
    @Test
    void aMessageToOneThatFailsIsUnknown() {
        cluster.startAll();
        holdPacketsTo(N3);
        List<Receipt> receipts = cluster.site(1).ask("a", Delivery.ON_RECEIPT, N3);
        cluster.settle();
        cluster.kill(3);
        cluster.run(2_000);
        assertEquals(List.of(Outcome.UNKNOWN), outcomes(receipts));
    }

    /** A message to a node that is no member goes nowhere, and its sender learns it. */
    @Test
    void aMessageToNoMemberIsNotSent() {
        cluster.start(1);
        cluster.start(2);
        cluster.run(3_000);
        List<Receipt> receipts = cluster.site(1).ask("a", Delivery.ON_RECEIPT, N3);
        cluster.settle();
        assertEquals(List.of(Outcome.NOT_SENT), outcomes(receipts));
    }

    /** RULES.md V-2: what waits while the view changes goes out in the next view, which the receipt names. */
    @Test
    void aMessageThatWaitsIsSentInTheNextView() {
        cluster.start(1);
        List<Receipt> receipts = cluster.site(1).ask("a", Delivery.SAFE, null);
        cluster.settle();
        assertEquals(List.of(), receipts);
        cluster.start(2);
        cluster.start(3);
        cluster.run(3_000);
        assertEquals(List.of(Outcome.STABLE), outcomes(receipts));
        assertEquals(cluster.site(2).view().view(), receipts.get(0).view().orElseThrow());
        assertEquals(List.of("a"), cluster.site(3).delivered);
    }

    /** A member that leaves takes part in the cut, and knows what it brings. */
    @Test
    void aMemberThatLeavesKnowsWhatTheCutBrings() {
        cluster.startAll();
        cluster.hold((to, message) -> message instanceof Packet);
        List<Receipt> receipts = cluster.site(3).ask("a", Delivery.SAFE, null);
        cluster.settle();
        cluster.site(3).process.leave(cluster.now());
        cluster.hold((to, message) -> false);
        cluster.run(5_000);
        assertEquals("left", cluster.site(3).events.get(cluster.site(3).events.size() - 1));
        assertEquals(List.of(Outcome.STABLE), outcomes(receipts));
        assertEquals(List.of("a"), cluster.site(1).delivered);
    }

    /** An excluded member does not know what the others have received. */
    @Test
    void anExcludedMemberKnowsNothing() {
        GroupCluster four = new GroupCluster(4, GroupOptions.of(Ordering.FIFO));
        four.startAll();
        AtomicBoolean missed = new AtomicBoolean();
        four.hold((to, message) ->
                to.equals(N3) || (to.equals(N2) && message instanceof Packet && missed.compareAndSet(false, true)));
        List<Receipt> receipts = four.site(3).ask("a", Delivery.SAFE, null);
        four.settle();
        four.kill(4);
        four.run(6_000);
        assertEquals(List.of(), receipts);
        four.release();
        four.run(3_000);
        assertEquals(List.of(Outcome.UNKNOWN), outcomes(receipts));
        assertEquals(List.of("a"), four.site(1).delivered);
    }
}
