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
import io.loggos.multicast.group.core.model.Packet;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Fine points of delivery that show only if certain messages are late when a view ends. */
class EndOfViewTest {
    private static final class NoState implements GroupState {
        @Override
        public CheckpointWriter capture() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void restore(Path directory) {
            throw new UnsupportedOperationException();
        }
    }

    private final GroupCluster cluster = new GroupCluster(4, GroupOptions.of(Ordering.FIFO));

    /** RULES.md V-10: the sequencer delivers no safe total message before all have its order number. */
    @Test
    void safeTotalMessageWaitsForItsOrderNumber() {
        cluster.startAll();
        cluster.hold((to, message) ->
                message instanceof Packet packet && !packet.order().isEmpty());
        cluster.site(2).send("m", Ordering.TOTAL, Delivery.SAFE);
        cluster.run(300);
        assertEquals(List.of(), cluster.site(1).delivered);
        cluster.release();
        cluster.run(300);
        for (int member = 1; member <= 4; member++) {
            assertEquals(List.of("m"), cluster.site(member).delivered);
        }
    }

    /** A safe message waits until all have its causes: otherwise those that lack one would drop it. */
    @Test
    void safeMessageWaitsForItsCauses() {
        cluster.startAll();
        cluster.hold(
                (to, message) -> to.equals(NodeId.of(4)) && message instanceof Packet packet && packet.origin() == 0);
        cluster.site(1).send("cause", Ordering.CAUSAL);
        cluster.settle();
        cluster.site(2).send("effect", Ordering.CAUSAL, Delivery.SAFE);
        cluster.run(300);
        assertEquals(List.of("cause"), cluster.site(2).delivered);
        assertEquals(List.of("cause"), cluster.site(3).delivered);
        cluster.release();
        cluster.run(300);
        assertEquals(List.of("cause", "effect"), cluster.site(3).delivered);
    }

    /** RULES.md V-5: a cause may come with the cut, after its effect, and both belong to the view. */
    @Test
    void closureOfTheCutTakesCausesThatComeLate() {
        cluster.startAll();
        cluster.hold(
                (to, message) -> to.equals(NodeId.of(1)) && message instanceof Packet packet && packet.origin() == 2);
        cluster.site(3).send("cause", Ordering.CAUSAL);
        cluster.settle();
        cluster.site(2).send("effect", Ordering.CAUSAL);
        cluster.settle();
        assertEquals(List.of(), cluster.site(1).delivered);
        cluster.kill(3);
        cluster.hold((to, message) -> false);
        cluster.run(1_000);
        for (int member : new int[] {1, 2, 4}) {
            assertEquals(List.of("cause", "effect"), cluster.site(member).delivered);
        }
    }

    /** One window holds over all views: what an application has not taken is no credit in the next one. */
    @Test
    void windowHoldsAcrossViews() {
        GroupCluster small = new GroupCluster(
                3,
                GroupOptions.builder(Ordering.FIFO)
                        .windowBytes(64 << 10)
                        .maxMessageBytes(4 << 10)
                        .build());
        small.startAll();
        small.site(2).takes = false;
        for (int i = 0; i < 300; i++) {
            small.site(1).send("x".repeat(1_000), Ordering.FIFO);
        }
        small.run(300);
        int waiting = small.site(2).delivered.size();
        assertTrue(waiting > 40 && waiting < 300, () -> waiting + " messages in a window");
        small.kill(3);
        small.run(2_000);
        assertEquals(2, small.site(2).members().size());
        assertEquals(waiting, small.site(2).delivered.size());
    }

    /** RULES.md V-1: who moves together is told so, and newcomers move with nobody. */
    @Test
    void transitionalSetIsThatOfTheSurvivors() {
        GroupCluster stateful = new GroupCluster(
                4,
                GroupOptions.builder(Ordering.FIFO)
                        .state(new NoState())
                        .founders(Set.of(NodeId.of(1)))
                        .build());
        for (int member = 1; member <= 4; member++) {
            Site site = stateful.start(member);
            stateful.run(member == 1 ? 1_500 : 500);
            if (member == 2) {
                site.restore();
                stateful.run(200);
            }
        }
        for (int member = 1; member <= 2; member++) {
            assertEquals(4, stateful.site(member).members().size());
            assertEquals(
                    new TreeSet<>(List.of(NodeId.of(1), NodeId.of(2))),
                    stateful.site(member).view().transitional());
            assertFalse(stateful.site(member).view().joined().contains(NodeId.of(member)));
        }
        assertEquals(
                new TreeSet<>(List.of(NodeId.of(3))), stateful.site(3).view().transitional());
    }
}
