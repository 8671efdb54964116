package io.loggos.multicast.group.sim;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.node.TimingOptions;
import io.loggos.api.node.TransportOptions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A healed partition becomes one view again by itself; the time that takes at the default settings is bounded. */
class MergeTest {
    private static final long MILLI = 1_000_000L;
    private static final int TIMES = 20;
    private static final NodeId[] ONE = {NodeId.of(1), NodeId.of(2)};
    private static final NodeId[] OTHER = {NodeId.of(3), NodeId.of(4)};

    private static SimCluster cluster(PartitionPolicy policy, int time) {
        SimSettings settings = new SimSettings(
                4,
                1,
                TimingOptions.defaults(),
                TransportOptions.defaults(),
                GroupOptions.builder(Ordering.TOTAL).partitionPolicy(policy).build(),
                false,
                EnumSet.noneOf(SimSettings.Fault.class),
                1_000 * MILLI,
                1_000 * MILLI,
                2 * MILLI,
                10 * MILLI,
                MILLI);
        return new SimCluster(settings, new SplittableRandom(time), false);
    }

    @ParameterizedTest
    @EnumSource
    void aPartitionInTwoHalvesMerges(PartitionPolicy policy) {
        long longest = 0;
        for (int time = 0; time < TIMES; time++) {
            SimCluster cluster = cluster(policy, time);
            SplittableRandom random = new SplittableRandom(time);
            for (SimNode node : cluster.nodes.values()) {
                node.start();
                cluster.ghosts.keySet().forEach(node::join);
            }
            new SimSenders(cluster, random.split()).start();
            assertTrue(cluster.runUntilTrue(10_000 * MILLI, () -> SimRun.isOneView(cluster)) >= 0, "one view at first");
            for (NodeId one : ONE) {
                for (NodeId other : OTHER) {
                    cluster.network.cutBoth(one, other);
                }
            }
            cluster.runFor((5_000 + 173L * time) * MILLI);
            long healed = cluster.time.nanos();
            for (NodeId one : ONE) {
                for (NodeId other : OTHER) {
                    cluster.network.healBoth(one, other);
                }
            }
            assertTrue(cluster.runUntilTrue(30_000 * MILLI, () -> SimRun.isOneView(cluster)) >= 0, "one view again");
            longest = Math.max(longest, cluster.time.nanos() - healed);
        }
        System.out.printf(
                Locale.ROOT,
                "%s: one view again %d ms after a partition has healed, at most%n",
                policy,
                longest / MILLI);
        assertTrue(longest <= Duration.ofSeconds(3).toNanos(), () -> "too long");
    }
}
