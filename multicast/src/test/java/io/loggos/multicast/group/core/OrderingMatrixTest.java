package io.loggos.multicast.group.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.multicast.group.core.model.Packet;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each cell of the matrix in {@link Ordering}: the guarantee between a message of one order and one of another. */
class OrderingMatrixTest {
    private final GroupCluster cluster = new GroupCluster(4, GroupOptions.of(Ordering.FIFO));

    static Stream<Arguments> cells() {
        return Arrays.stream(Ordering.values())
                .flatMap(a -> Arrays.stream(Ordering.values()).map(b -> Arguments.of(a, b)));
    }

    private void holdPacketsOf(int sender, int at) {
        cluster.hold((to, message) -> to.equals(NodeId.of(at))
                && message instanceof Packet packet
                && packet.origin() == sender - 1
                && packet.order().isEmpty());
    }

    /** Messages of one member are delivered in the order sent, whatever the orders. */
    @ParameterizedTest
    @MethodSource("cells")
    void sender(Ordering a, Ordering b) {
        cluster.startAll();
        cluster.hold((to, message) ->
                message instanceof Packet packet && !packet.order().isEmpty());
        cluster.site(2).send("a", a);
        cluster.site(2).send("b", b);
        cluster.settle();
        for (int i = 1; i <= 4; i++) {
            List<String> delivered = cluster.site(i).delivered;
            assertTrue(delivered.equals(List.of("a", "b").subList(0, delivered.size())), delivered.toString());
        }
        cluster.release();
        cluster.settle();
        for (int i = 1; i <= 4; i++) {
            assertEquals(List.of("a", "b"), cluster.site(i).delivered);
        }
    }

    /**
     * A causal message waits for what its sender had delivered, whatever the order of that; a message that is not
     * causal does not wait.
     */
    @ParameterizedTest
    @MethodSource("cells")
    void cause(Ordering a, Ordering b) {
        cluster.startAll();
        holdPacketsOf(2, 4);
        cluster.site(2).send("a", a);
        cluster.settle();
        assertEquals(List.of("a"), cluster.site(3).delivered);
        cluster.site(3).send("b", b);
        cluster.settle();
        boolean waits = b.isCausal() || (a.isTotal() && b.isTotal());
        assertEquals(waits ? List.of() : List.of("b"), cluster.site(4).delivered);
        cluster.release();
        cluster.settle();
        assertEquals(waits ? List.of("a", "b") : List.of("b", "a"), cluster.site(4).delivered);
    }

    /** Two total messages, of any kind, are delivered in one order by all. */
    @ParameterizedTest
    @MethodSource("cells")
    void agreed(Ordering a, Ordering b) {
        cluster.startAll();
        holdPacketsOf(2, 3);
        cluster.site(2).send("a", a);
        cluster.site(4).send("b", b);
        cluster.settle();
        cluster.release();
        cluster.settle();
        for (int i = 1; i <= 4; i++) {
            assertEquals(2, cluster.site(i).delivered.size());
            if (a.isTotal() && b.isTotal()) {
                assertEquals(cluster.site(1).delivered, cluster.site(i).delivered);
            }
        }
    }
}
