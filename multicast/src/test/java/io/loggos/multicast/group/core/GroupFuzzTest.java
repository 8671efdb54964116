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
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RULES.md O-9: whatever well-formed message a peer sends, in whatever step, no method throws. */
class GroupFuzzTest {
    private static final long[] ABSURD = {0, 1, 2, 3, 7, 1_000_000, 1L << 61, Long.MAX_VALUE - 1, Long.MAX_VALUE};

    private final GroupCluster cluster = new GroupCluster(3, GroupOptions.of(Ordering.CAUSAL));
    private SplittableRandom random = new SplittableRandom(0);

    @Test
    void orderOfARankThatIsNoneIsRefused() {
        cluster.startAll();
        GroupView view = cluster.site(2).process.view();
        assertTrue(view != null && cluster.say(1, 2, packet(view.id(), 0, 1, VectorClock.NONE, OrderNumbers.of(7, 1))));
        cluster.site(3).send("m", Ordering.TOTAL);
        cluster.run(300);
        assertEquals(List.of("m"), cluster.site(2).delivered);
    }

    /** A cut that lacks what this member has delivered is not acted on. */
    @Test
    void cutBelowWhatWasDeliveredChangesNothing() {
        cluster.startAll();
        cluster.site(3).send("m", Ordering.FIFO);
        cluster.settle();
        GroupView view = cluster.site(2).process.view();
        assertTrue(view != null);
        Attempt attempt = new Attempt(99, NodeId.of(1));
        VectorClock nothing = VectorClock.of(0, 0, 0);
        GroupView next = new GroupView(
                new ViewId(view.id().counter() + 1, NodeId.of(1), view.member(0).life()),
                view.members(),
                true,
                view.id());
        cluster.say(1, 2, new GroupMessage.Flush(view.id(), attempt));
        cluster.say(
                1,
                2,
                new GroupMessage.Trim(
                        view.id(),
                        attempt,
                        view.members(),
                        List.of(nothing, nothing, nothing),
                        nothing,
                        new GroupMessage.Next(next, List.of(), List.of(), null)));
        cluster.say(
                1,
                2,
                new GroupMessage.Install(
                        view.id(), attempt, view.members(), new GroupMessage.Next(next, List.of(), List.of(), null)));
        cluster.run(5_000);
        assertEquals(3, cluster.site(1).members().size());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void nothingThatAPeerSaysThrows(long seed) {
        random = new SplittableRandom(seed);
        cluster.startAll();
        int refused = 0;
        for (int i = 0; i < 1_500; i++) {
            int to = 1 + random.nextInt(3);
            int from = 1 + (to + random.nextInt(2)) % 3;
            if (cluster.say(from, to, message(to))) {
                refused++;
            }
            if (random.nextInt(10) == 0) {
                cluster.site(1 + random.nextInt(3)).send("m" + i, pick(Ordering.values()), pick(Delivery.values()));
            }
            if (random.nextInt(6) == 0) {
                cluster.run(20);
            }
        }
        cluster.run(500);
        int wrong = refused;
        assertTrue(wrong > 100 && wrong < 1_400, () -> wrong + " messages were refused");
    }

    private GroupMessage message(int to) {
        GroupView present = cluster.site(to).process.view();
        GroupView view = present == null || random.nextInt(8) == 0 ? view() : present;
        ViewId id = view.id();
        int ranks = random.nextInt(8) == 0 ? random.nextInt(6) : view.size();
        return switch (random.nextInt(16)) {
            case 0, 1 -> packet(id, random.nextInt(4), number(), clock(ranks), order());
            case 2 ->
                new GroupMessage.Join(
                        member(view),
                        number(),
                        pick(PartitionPolicy.values()),
                        pick(Agreement.values()),
                        false,
                        maybe());
            case 3 -> new GroupMessage.Leave(member(view));
            case 4 -> new GroupMessage.Absent(random.nextLong(20) << 20);
            case 5 -> new GroupMessage.Presence(random.nextBoolean() ? member(view) : null, maybe());
            case 6 -> new GroupMessage.Received(id, number(), number(), number());
            case 7 -> new GroupMessage.Stable(id, number());
            case 8 -> new GroupMessage.Suspect(id, member(view));
            case 9 -> new GroupMessage.Flush(id, attempt());
            case 10 ->
                new GroupMessage.Flushed(
                        id,
                        attempt(),
                        clock(ranks),
                        random.nextBoolean() ? trim(view, ranks) : null,
                        random.nextBoolean());
            case 11 -> trim(view, ranks);
            case 12 -> new GroupMessage.Trimmed(id, attempt());
            case 13 -> new GroupMessage.Install(id, attempt(), members(view), next(view));
            case 14 -> new GroupMessage.Agree(proposal());
            default ->
                random.nextBoolean()
                        ? new GroupMessage.Restored(id)
                        : new GroupMessage.Agreed(proposal(), random.nextBoolean(), maybe());
        };
    }

    private Packet packet(ViewId view, int origin, long number, VectorClock stamp, OrderNumbers order) {
        boolean empty = !order.isEmpty() || random.nextInt(4) == 0;
        return new Packet(
                view,
                origin,
                Math.max(1, number),
                pick(Ordering.values()),
                pick(Delivery.values()),
                random.nextInt(4) == 0 ? random.nextInt(-1, 5) : -1,
                stamp,
                order,
                empty ? 0 : 1,
                empty
                        ? Bytes.EMPTY
                        : new ByteWriter(8).putBytes(Bytes.utf8("f")).toBytes());
    }

    private OrderNumbers order() {
        return random.nextInt(3) > 0
                ? OrderNumbers.NONE
                : OrderNumbers.of(random.nextInt(5), random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(3));
    }

    private GroupMessage.Trim trim(GroupView view, int ranks) {
        List<Member> survivors = members(view);
        List<VectorClock> digests = new ArrayList<>();
        for (int i = random.nextInt(8) == 0 ? 1 : 0; i < survivors.size(); i++) {
            digests.add(random.nextInt(4) == 0 ? VectorClock.NONE : clock(ranks));
        }
        return new GroupMessage.Trim(view.id(), attempt(), survivors, digests, clock(ranks), next(view));
    }

    private GroupMessage.Next next(GroupView view) {
        GroupView next = random.nextBoolean()
                ? new GroupView(
                        new ViewId(view.id().counter() + 1, NodeId.of(1 + random.nextInt(3)), random.nextInt(9)),
                        view.members(),
                        random.nextBoolean(),
                        view.id())
                : view();
        List<Member> newcomers = random.nextBoolean() ? List.of() : members(next);
        return new GroupMessage.Next(
                next,
                newcomers,
                random.nextBoolean() ? List.of() : List.of(new GroupMessage.Origin(member(view), view)),
                maybe());
    }

    private Proposal proposal() {
        GroupView view = view();
        return new Proposal(view, view.id(), attempt(), random.nextBoolean() ? view.members() : List.of());
    }

    private @Nullable GroupView maybe() {
        return random.nextBoolean()
                ? view()
                : cluster.site(1 + random.nextInt(3)).process.view();
    }

    private GroupView view() {
        List<Member> members = new ArrayList<>();
        for (int node = 1; node <= 3 + random.nextInt(3) / 2; node++) {
            if (random.nextBoolean() || node == 1) {
                members.add(new Member(NodeId.of(node), random.nextLong(9) << 20));
            }
        }
        ViewId id = new ViewId(number(), NodeId.of(1 + random.nextInt(3)), random.nextInt(9));
        return new GroupView(id, members, random.nextBoolean(), random.nextBoolean() ? id : null);
    }

    private List<Member> members(GroupView view) {
        List<Member> some = new ArrayList<>(view.members());
        some.removeIf(member -> random.nextInt(6) == 0);
        return some;
    }

    private Member member(GroupView view) {
        return random.nextInt(4) == 0
                ? new Member(NodeId.of(1 + random.nextInt(4)), random.nextLong(9) << 20)
                : view.member(random.nextInt(view.size()));
    }

    private Attempt attempt() {
        return new Attempt(random.nextInt(4) == 0 ? number() : random.nextInt(6), NodeId.of(1 + random.nextInt(3)));
    }

    private VectorClock clock(int ranks) {
        long[] numbers = new long[ranks];
        for (int rank = 0; rank < ranks; rank++) {
            numbers[rank] = random.nextInt(3) == 0 ? number() : random.nextInt(4);
        }
        return VectorClock.of(numbers);
    }

    private long number() {
        return ABSURD[random.nextInt(random.nextInt(4) == 0 ? ABSURD.length : 6)];
    }

    private <T> T pick(T[] of) {
        return of[random.nextInt(of.length)];
    }
}
