package io.loggos.multicast.group.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.Relay;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Cost of one multicast on the wire as the members grow: in the stable case linear, not quadratic. */
class WireCostTest {
    private static final int MULTICASTS_EACH = 200;
    private static final int PAYLOAD_BYTES = 1_024;

    private record Cost(double messages, double bytes) {}

    private static Cost cost(int members, Ordering ordering, Relay relay) {
        GroupCluster cluster = new GroupCluster(
                members, GroupOptions.builder(ordering).relay(relay).build());
        cluster.startAll();
        cluster.run(1_000);
        long messages = cluster.messages();
        long bytes = cluster.bytes();
        for (int i = 0; i < MULTICASTS_EACH; i++) {
            for (int member = 1; member <= members; member++) {
                cluster.site(member).send("x".repeat(PAYLOAD_BYTES), ordering);
            }
            cluster.run(10);
        }
        cluster.run(500);
        for (int member = 1; member <= members; member++) {
            assertEquals(
                    members * MULTICASTS_EACH, cluster.site(member).delivered.size());
        }
        double count = members * MULTICASTS_EACH;
        return new Cost((cluster.messages() - messages) / count, (cluster.bytes() - bytes) / count);
    }

    @Test
    void isLinearInTheMembers() {
        System.out.println(
                "| members | ordering | messages per multicast | bytes per multicast | bytes per receiver |");
        System.out.println("| --- | --- | --- | --- | --- |");
        for (Ordering ordering : new Ordering[] {Ordering.FIFO, Ordering.CAUSAL, Ordering.TOTAL}) {
            for (int members : new int[] {2, 4, 8, 16}) {
                Cost cost = cost(members, ordering, Relay.AT_VIEW_CHANGE);
                double perReceiver = cost.bytes / (members - 1);
                System.out.printf(
                        Locale.ROOT,
                        "| %d | %s | %.2f | %.0f | %.0f |%n",
                        members,
                        ordering,
                        cost.messages,
                        cost.bytes,
                        perReceiver);
                assertTrue(cost.messages <= 2.5 * (members - 1), members + " members: " + cost);
                assertTrue(perReceiver <= 1.3 * PAYLOAD_BYTES, members + " members: " + cost);
            }
        }
    }

    /** Cost of the textbook's reliable multicast: every member relays each message that it had not had before. */
    @Test
    void relayingOnReceiptIsQuadratic() {
        System.out.println("| members | FIFO, relayed on receipt: messages per multicast | bytes per receiver |");
        System.out.println("| --- | --- | --- |");
        for (int members : new int[] {2, 4, 8, 16}) {
            Cost cost = cost(members, Ordering.FIFO, Relay.ON_RECEIPT);
            double perReceiver = cost.bytes / (members - 1);
            System.out.printf(Locale.ROOT, "| %d | %.2f | %.0f |%n", members, cost.messages, perReceiver);
            int passedOn = (members - 1) * (members - 2);
            assertTrue(cost.messages >= members - 1 + passedOn, members + " members: " + cost);
            assertTrue(perReceiver >= (double) PAYLOAD_BYTES * (members - 1), members + " members: " + cost);
        }
    }
}
