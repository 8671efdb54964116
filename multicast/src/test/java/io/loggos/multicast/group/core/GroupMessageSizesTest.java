package io.loggos.multicast.group.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupOptions;
import io.loggos.api.group.GroupOptions.Agreement;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.ViewId;
import io.loggos.api.node.NodeOptions;
import io.loggos.api.node.TimingOptions;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.group.core.channel.ViewChannel;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.VectorClock;
import io.loggos.multicast.group.wire.GroupCodec;
import io.loggos.multicast.wire.DataFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No message of a group can be built that its frame cannot carry, for every allowed option. */
class GroupMessageSizesTest {
    private static final int LEAST_FRAME = 64 << 10;
    /** Bytes of a frame that a node leaves free beside a message of the largest size. */
    private static final int RESERVED = 4 << 10;

    private static int frameBytes(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> LEAST_FRAME;
            case 1 -> (132 << 10) + random.nextInt(-200, 200);
            default -> random.nextInt(LEAST_FRAME, 1 << 20);
        };
    }

    private static long sizeOf(GroupMessage message) {
        GroupCodec.Encoded encoded = GroupCodec.encode(NodeId.of(1), GroupCluster.GROUP, message);
        return DataFrame.sizeOf((long) encoded.head().size() + encoded.body().size());
    }

    /** Bursts of messages of all sizes and orders, and views that end with packets that wait for a cause. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyMessageOfAClusterFits(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int frame = frameBytes(random);
        int largest = Math.min(2 << 20, frame - RESERVED);
        int window = Math.max(largest, random.nextInt(64 << 10, 2 << 20));
        GroupCluster cluster = new GroupCluster(
                4,
                GroupOptions.builder(Ordering.CAUSAL)
                        .maxMessageBytes(largest)
                        .windowBytes(window)
                        .build());
        cluster.frames(frame);
        cluster.startAll();
        cluster.hold(
                (to, message) -> to.equals(NodeId.of(2)) && message instanceof Packet packet && packet.origin() == 3);
        cluster.site(4).send("missing cause", Ordering.CAUSAL);
        cluster.settle();
        Ordering[] orderings = Ordering.values();
        for (int burst = 0; burst < 6; burst++) {
            Ordering ordering = orderings[random.nextInt(orderings.length)];
            Delivery delivery = random.nextBoolean() ? Delivery.SAFE : Delivery.ON_RECEIPT;
            int sender = 1 + random.nextInt(3);
            for (int i = 0; i < 200; i++) {
                int size = random.nextInt(50) == 0 ? largest : 900;
                cluster.site(sender).send("x".repeat(size), ordering, delivery);
            }
            cluster.settle();
        }
        cluster.run(100);
        cluster.kill(4);
        cluster.hold((to, message) -> false);
        cluster.run(2_000);
        assertEquals(3, cluster.site(1).members().size());
        assertEquals(cluster.site(1).delivered.size(), cluster.site(2).delivered.size());
        assertTrue(
                cluster.largestFrameBytes() <= frame,
                () -> cluster.largestFrameBytes() + " bytes in frames of " + frame);
    }

    /** A turn may bring the sequencer any number of packets in turn from two members. */
    @Test
    void orderNumbersAreSplit() {
        int frame = LEAST_FRAME;
        List<Member> members =
                List.of(new Member(NodeId.of(1), 1), new Member(NodeId.of(2), 2), new Member(NodeId.of(3), 3));
        GroupView view = new GroupView(new ViewId(1, NodeId.of(1), 1), members, true, null);
        GroupSettings settings = new GroupSettings(
                GroupCluster.GROUP,
                NodeId.of(1),
                new TreeSet<>(members.stream().map(Member::node).toList()),
                TimingOptions.defaults(),
                GroupOptions.of(Ordering.TOTAL),
                frame);
        List<GroupMessage> sent = new ArrayList<>();
        ViewChannel channel = new ViewChannel(settings, new SendsOnly(sent), new NothingToSend(), view, 0, 0);
        int packets = 30_000;
        for (int number = 1; number <= packets; number++) {
            for (int origin = 1; origin <= 2; origin++) {
                channel.onPacket(NodeId.of(origin + 1), total(view, origin, number));
            }
        }
        channel.endTurn(true, 1);
        long ordered = 0;
        for (GroupMessage message : sent) {
            assertTrue(sizeOf(message) <= frame, () -> sizeOf(message) + " bytes");
            if (message instanceof Packet packet) {
                for (int run = 0; run < packet.order().size(); run++) {
                    ordered += packet.order().length(run);
                }
            }
        }
        // Each of two others is told.
        assertEquals(2 * 2L * packets, ordered);
    }

    /** The packets of the two cause each other in turn. */
    private static Packet total(GroupView view, int origin, int number) {
        return new Packet(
                view.id(),
                origin,
                number,
                Ordering.CAUSAL_TOTAL,
                Delivery.ON_RECEIPT,
                -1,
                origin == 1 ? VectorClock.of(0, 0, number - 1) : VectorClock.of(0, number, 0),
                OrderNumbers.NONE,
                1,
                new ByteWriter(8).putBytes(Bytes.utf8("m")).toBytes());
    }

    /** The messages about views fit the smallest frame for the greatest number of nodes. */
    @Test
    void messagesAboutTheLargestViewsFit() {
        int nodes = NodeOptions.MAX_NODES;
        List<Member> members = new ArrayList<>();
        List<VectorClock> digests = new ArrayList<>();
        VectorClock clock = VectorClock.of(new long[nodes]);
        for (int node = 1; node <= nodes; node++) {
            members.add(new Member(NodeId.of(node), node));
            digests.add(clock);
        }
        ViewId id = new ViewId(1, NodeId.of(1), 1);
        GroupView view = new GroupView(id, members, true, id);
        Attempt attempt = new Attempt(1, NodeId.of(1));
        List<GroupMessage.Origin> origins = members.stream()
                .map(member -> new GroupMessage.Origin(member, view))
                .toList();
        GroupMessage.Next next = new GroupMessage.Next(view, members, origins, view);
        GroupMessage.Trim trim = new GroupMessage.Trim(id, attempt, members, digests, clock, next);
        Proposal proposal = new Proposal(view, id, attempt, members);
        List<GroupMessage> largest = List.of(
                new GroupMessage.Join(members.get(0), 1, PartitionPolicy.CONTINUE, Agreement.LOG, true, view),
                new GroupMessage.Presence(members.get(0), view),
                trim,
                new GroupMessage.Flushed(id, attempt, clock, trim, true),
                new GroupMessage.Install(id, attempt, members, next),
                new GroupMessage.Agree(proposal),
                new GroupMessage.Agreed(proposal, true, view));
        for (GroupMessage message : largest) {
            assertTrue(sizeOf(message) <= LEAST_FRAME, () -> message.getClass() + " has " + sizeOf(message) + " bytes");
        }
    }
}
