package io.loggos.multicast.group.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupState;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.View;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.multicast.group.core.model.GroupMessage.Absent;
import io.loggos.multicast.group.core.model.GroupMessage.Join;
import io.loggos.multicast.group.core.model.Member;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RULES.md V-26: the first view has the founders. */
class FoundingTest {
    private static final GroupOptions OPTIONS = GroupOptions.of(Ordering.FIFO);

    private static final class NoFiles implements GroupState {
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

    private static View firstView(GroupCluster cluster, int node) {
        return cluster.site(node).views.get(0).view();
    }

    /** The two lines of the README: join, multicast. Nobody misses the message. */
    @Test
    void theFirstMulticastReachesAllThatFound() {
        GroupCluster cluster = new GroupCluster(3, OPTIONS);
        for (int node = 1; node <= 3; node++) {
            cluster.start(node);
            cluster.site(node).send("hello of " + node, Ordering.FIFO);
            cluster.run(100);
        }
        cluster.run(2_000);
        for (int node = 1; node <= 3; node++) {
            assertEquals(ids(1, 2, 3), firstView(cluster, node).members());
            assertEquals(3, cluster.site(node).delivered.size(), () -> "delivered");
        }
    }

    /** The node that comes last completes the founders. If its id is the lowest, it founds, and nobody else does. */
    @Test
    void oneFoundsWhoeverComesLast() {
        GroupCluster cluster = new GroupCluster(3, OPTIONS);
        List<GroupCluster.Site> sites = new ArrayList<>();
        for (int node = 1; node <= 3; node++) {
            sites.add(cluster.startWithout(node));
        }
        cluster.run(100);
        for (int node = 3; node >= 1; node--) {
            cluster.join(sites.get(node - 1));
            cluster.run(200);
        }
        cluster.run(2_000);
        for (int node = 1; node <= 3; node++) {
            assertEquals(ids(1, 2, 3), firstView(cluster, node).members());
            assertTrue(firstView(cluster, node).primary());
            assertEquals(1, cluster.site(node).views.size());
        }
    }

    /** A founder repeats its wish to join while the first view is on its way, and so hears of that twice. */
    @Test
    void aFounderThatHearsOfTheFirstViewAgainStays() {
        GroupCluster cluster = new GroupCluster(3, OPTIONS);
        for (int node = 1; node <= 3; node++) {
            cluster.start(node);
        }
        cluster.run(1_500);
        Member second = Objects.requireNonNull(
                Objects.requireNonNull(cluster.site(2).process.view()).on(NodeId.of(2)));
        Join again = new Join(second, 1, PartitionPolicy.REFUSE, GroupOptions.Agreement.MAJORITY, false, null);
        cluster.site(1).groups.onMessage(NodeId.of(2), GroupCluster.GROUP, again, cluster.now());
        cluster.run(2_000);
        assertEquals(1, cluster.site(2).views.size(), cluster.site(2).events.toString());
        assertEquals(List.of(firstView(cluster, 1).toString()), cluster.site(2).events);
    }

    /** A node that is up and does not join delays the first view by an election timeout, no longer. */
    @Test
    void aMajorityOfTheNodesThatAreUpIsEnough() {
        GroupCluster cluster = new GroupCluster(3, OPTIONS);
        cluster.startWithout(3);
        cluster.start(1);
        cluster.start(2);
        cluster.run(900);
        assertEquals(0, cluster.site(1).views.size());
        cluster.run(700);
        assertEquals(ids(1, 2), firstView(cluster, 1).members());
        assertEquals(firstView(cluster, 1), firstView(cluster, 2));
        assertTrue(firstView(cluster, 1).primary());
    }

    /** One node alone waits for the founding timeout. */
    @Test
    void afterTheTimeoutThoseThatHaveComeFound() {
        GroupCluster cluster = new GroupCluster(
                3, OPTIONS.toBuilder().foundingTimeout(Duration.ofSeconds(4)).build());
        cluster.startWithout(2);
        cluster.startWithout(3);
        cluster.start(1);
        cluster.run(3_800);
        assertEquals(0, cluster.site(1).views.size());
        cluster.run(400);
        assertEquals(ids(1), firstView(cluster, 1).members());
        assertTrue(firstView(cluster, 1).primary());
    }

    /** Named founders are all in the first view, and it waits for nobody else. */
    @Test
    void namedFoundersAreWaitedFor() {
        GroupCluster cluster = new GroupCluster(
                5,
                OPTIONS.toBuilder().founders(Set.of(NodeId.of(2), NodeId.of(4))).build());
        for (int node : List.of(1, 3, 5)) {
            cluster.startWithout(node);
        }
        cluster.start(4);
        cluster.run(3_000);
        assertEquals(0, cluster.site(4).views.size());
        cluster.start(2);
        cluster.run(1_500);
        assertEquals(ids(2, 4), firstView(cluster, 4).members());
        assertEquals(firstView(cluster, 2), firstView(cluster, 4));
    }

    /** RULES.md V-14: founders may bring different states, so the others take that of the first. */
    @Test
    void foundersBeginWithOneState() {
        GroupCluster cluster =
                new GroupCluster(3, OPTIONS.toBuilder().state(new NoFiles()).build());
        for (int node = 1; node <= 3; node++) {
            cluster.start(node);
        }
        cluster.run(1_500);
        String view = firstView(cluster, 1).id().toString();
        assertTrue(
                cluster.site(1).events.get(0).startsWith("capture " + view),
                cluster.site(1).events.toString());
        for (int node = 2; node <= 3; node++) {
            assertEquals(firstView(cluster, 1), firstView(cluster, node));
            assertTrue(
                    cluster.site(node).events.get(0).startsWith("fetch " + view),
                    cluster.site(node).events.toString());
        }
    }

    /** Nodes that come after the first view join it. */
    @Test
    void lateNodesJoin() {
        GroupCluster cluster = new GroupCluster(3, OPTIONS);
        cluster.start(1);
        cluster.start(2);
        cluster.run(2_000);
        assertEquals(ids(1, 2), firstView(cluster, 1).members());
        cluster.start(3);
        cluster.run(1_000);
        assertEquals(ids(1, 2, 3), firstView(cluster, 3).members());
    }

    /** Members leave together, and come back so much later. The first view has all of them and is primary. */
    private static void foundAnew(PartitionPolicy policy, int pause, boolean lastWordsAreLost) {
        GroupCluster cluster =
                new GroupCluster(3, OPTIONS.toBuilder().partitionPolicy(policy).build());
        cluster.startAll();
        cluster.hold((to, message) -> lastWordsAreLost && message instanceof Absent);
        for (int node = 1; node <= 3; node++) {
            cluster.site(node).leave();
        }
        for (int node = 1; node <= 3; node++) {
            while (!cluster.site(node).events.contains("left")) {
                cluster.run(10);
            }
        }
        cluster.run(pause);
        for (int node = 1; node <= 3; node++) {
            cluster.rejoin(node);
        }
        cluster.run(lastWordsAreLost ? 6_000 : 1_000);
        for (int node = 1; node <= 3; node++) {
            assertEquals(ids(1, 2, 3), firstView(cluster, node).members());
            assertTrue(firstView(cluster, node).primary(), cluster.site(node).events::toString);
            assertEquals(1, cluster.site(node).views.size());
        }
    }

    /** RULES.md V-26: a view that all have left is in force no longer, so those that come back need not wait. */
    @Test
    void groupThatAllHaveLeftIsFoundedAnew() {
        for (PartitionPolicy policy : PartitionPolicy.values()) {
            for (int pause = 0; pause <= 3_000; pause += 500) {
                foundAnew(policy, pause, false);
                foundAnew(policy, pause, true);
            }
        }
    }

    /** RULES.md V-26: a refused first view is proposed again, since nobody may be in the one that stands against it. */
    @Test
    void groupWhoseMembersAllFailedUnnoticedIsFoundedAnew() {
        GroupCluster cluster = new GroupCluster(3, OPTIONS);
        cluster.startWithout(1);
        cluster.start(2);
        cluster.start(3);
        cluster.run(2_000);
        assertEquals(ids(2, 3), firstView(cluster, 2).members());
        cluster.startWithout(3);
        cluster.kill(2);
        cluster.join(cluster.site(1));
        cluster.join(cluster.site(3));
        cluster.run(6_000);
        assertEquals(ids(1, 3), firstView(cluster, 1).members());
        assertTrue(firstView(cluster, 1).primary(), cluster.site(1).events::toString);
    }
}
