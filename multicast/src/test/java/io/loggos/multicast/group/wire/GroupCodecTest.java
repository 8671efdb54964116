package io.loggos.multicast.group.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.GroupId;
import io.loggos.api.group.GroupOptions.Agreement;
import io.loggos.api.group.Ordering;
import io.loggos.api.group.PartitionPolicy;
import io.loggos.api.group.ViewId;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.ProtocolTag;
import io.loggos.multicast.group.core.model.Attempt;
import io.loggos.multicast.group.core.model.GroupMessage;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.Proposal;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupCodecTest {
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 100_000);

    private static final NodeId SELF = NodeId.of(65_535);
    private static final GroupId GROUP = new GroupId(-7);
    private static final ViewId VIEW = new ViewId(4, NodeId.of(2), -3);
    private static final Attempt ATTEMPT = new Attempt(Long.MAX_VALUE, NodeId.of(3));
    private static final Member ONE = new Member(NodeId.of(1), -1);
    private static final Member TWO = new Member(NodeId.of(2), Long.MAX_VALUE);
    private static final GroupView BOTH = new GroupView(VIEW, List.of(TWO, ONE), true, VIEW);
    private static final GroupView LONELY =
            new GroupView(new ViewId(0, NodeId.of(1), Long.MIN_VALUE), List.of(ONE), false, null);
    private static final VectorClock CLOCK = VectorClock.of(0, Long.MAX_VALUE);
    private static final GroupMessage.Next NEXT = new GroupMessage.Next(
            BOTH,
            List.of(ONE),
            List.of(new GroupMessage.Origin(ONE, LONELY)),
            new GroupView(VIEW, List.of(TWO), true, null));
    private static final GroupMessage.Next PLAIN = new GroupMessage.Next(LONELY, List.of(), List.of(), null);
    private static final GroupMessage.Trim TRIM =
            new GroupMessage.Trim(VIEW, ATTEMPT, List.of(ONE, TWO), List.of(CLOCK, CLOCK), CLOCK, NEXT);

    /** Messages, at least one of each type; the test below checks that. */
    static Stream<GroupMessage> messages() {
        return Stream.of(
                packet(3, "one", "", "three"),
                new Packet(
                        VIEW,
                        30,
                        Long.MAX_VALUE,
                        Ordering.CAUSAL_TOTAL,
                        Delivery.SAFE,
                        30,
                        CLOCK,
                        OrderNumbers.NONE,
                        0,
                        Bytes.EMPTY),
                order(1, 5, 0, Integer.MAX_VALUE),
                new GroupMessage.Join(ONE, 8, PartitionPolicy.CONTINUE, Agreement.LOG, true, BOTH),
                new GroupMessage.Join(ONE, 8, PartitionPolicy.REFUSE, Agreement.MAJORITY, false, null),
                new GroupMessage.Leave(TWO),
                new GroupMessage.Presence(ONE, BOTH),
                new GroupMessage.Presence(null, null),
                new GroupMessage.Refused(ONE, "who are you?"),
                new GroupMessage.Received(VIEW, 5, 4, 3),
                new GroupMessage.Stable(VIEW, 0),
                new GroupMessage.Suspect(VIEW, TWO),
                new GroupMessage.Flush(VIEW, ATTEMPT),
                new GroupMessage.Flushed(VIEW, ATTEMPT, CLOCK, TRIM, true),
                new GroupMessage.Flushed(VIEW, ATTEMPT, VectorClock.NONE, null, false),
                new GroupMessage.Absent(-3),
                new GroupMessage.Restored(VIEW),
                TRIM,
                new GroupMessage.Trimmed(VIEW, ATTEMPT),
                new GroupMessage.Install(VIEW, ATTEMPT, List.of(ONE, TWO), NEXT),
                new GroupMessage.Install(VIEW, ATTEMPT, List.of(), PLAIN),
                new GroupMessage.Agree(new Proposal(BOTH, VIEW, ATTEMPT, List.of(TWO))),
                new GroupMessage.Agreed(new Proposal(LONELY, VIEW, ATTEMPT, List.of()), true, null),
                new GroupMessage.Agreed(new Proposal(BOTH, VIEW, ATTEMPT, List.of(ONE)), false, LONELY));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsRead(GroupMessage message) {
        Bytes bytes = encode(GROUP, message);

        assertEquals(ProtocolTag.GROUP, ProtocolTag.of(bytes));
        assertEquals(new GroupEnvelope(GROUP, message), GroupCodec.decode(bytes));
    }

    @Test
    void everyTypeIsAmongThem() {
        List<Class<?>> types = Arrays.asList(GroupMessage.class.getPermittedSubclasses());
        List<? extends Class<?>> seen =
                messages().map(Object::getClass).distinct().toList();

        assertTrue(seen.containsAll(types), () -> types + " but only " + seen);
    }

    /** The large part of a message is not copied, neither when it is written nor when it is read. */
    @Test
    void messagesOfAPacketAreTheBodyItself() {
        Packet packet = packet(1, "payload");
        Bytes bytes = encode(GROUP, packet);

        assertSame(packet.messages(), GroupCodec.encode(SELF, GROUP, packet).body());
        Packet read = (Packet) GroupCodec.decode(bytes).message();
        assertSame(bytes.backingArray(), read.messages().backingArray());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsCutShortIsMalformed(GroupMessage message) {
        Bytes whole = encode(GROUP, message);
        for (int size = 0; size < whole.size(); size++) {
            Bytes part = whole.slice(0, size);
            assertThrows(MalformedException.class, () -> GroupCodec.decode(part));
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsTooLongIsMalformed(GroupMessage message) {
        Bytes longer =
                new ByteWriter(64).putRaw(encode(GROUP, message)).putByte(0).toBytes();

        assertThrows(MalformedException.class, () -> GroupCodec.decode(longer));
    }

    /** Messages that the record permits and the group does not. */
    static Stream<GroupMessage> impossible() {
        List<Member> crowd = IntStream.rangeClosed(1, 32)
                .mapToObj(node -> new Member(NodeId.of(node), 1))
                .toList();
        VectorClock three = VectorClock.of(1, 2, 3);
        return Stream.of(
                new GroupMessage.Agree(new Proposal(new GroupView(VIEW, crowd, true, null), VIEW, ATTEMPT, List.of())),
                new GroupMessage.Agree(
                        new Proposal(new GroupView(VIEW, List.of(), true, null), VIEW, ATTEMPT, List.of())),
                new GroupMessage.Agree(new Proposal(
                        new GroupView(VIEW, List.of(ONE, TWO, ONE), true, null), VIEW, ATTEMPT, List.of())),
                new GroupMessage.Agree(new Proposal(LONELY, VIEW, ATTEMPT, List.of(new Member(NodeId.of(31), 31)))),
                new GroupMessage.Trim(VIEW, ATTEMPT, List.of(ONE), List.of(three), CLOCK, PLAIN),
                new GroupMessage.Received(VIEW, -1, 0, 0),
                new GroupMessage.Refused(ONE, "x".repeat(1025)),
                order(31, 1),
                order(0, 0),
                packet(2, "one only"),
                packet(-1),
                new Packet(
                        VIEW,
                        0,
                        0,
                        Ordering.FIFO,
                        Delivery.ON_RECEIPT,
                        -1,
                        VectorClock.NONE,
                        OrderNumbers.NONE,
                        0,
                        Bytes.EMPTY),
                new Packet(
                        VIEW,
                        31,
                        1,
                        Ordering.FIFO,
                        Delivery.ON_RECEIPT,
                        -1,
                        VectorClock.NONE,
                        OrderNumbers.NONE,
                        0,
                        Bytes.EMPTY));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void whatCannotBeIsMalformed(GroupMessage message) {
        Bytes bytes = encode(GROUP, message);

        assertThrows(MalformedException.class, () -> GroupCodec.decode(bytes));
    }

    /** RULES.md B-2: any bytes are a message or malformed, and a message can be encoded again. */
    @Test
    void noBytesDoAnyHarm() {
        List<Bytes> seeds = messages().map(message -> encode(GROUP, message)).toList();
        SplittableRandom random = new SplittableRandom(42);
        int messages = 0;
        for (int i = 0; i < INPUTS; i++) {
            Bytes input = i % 5 == 0 ? noise(random) : mutated(seeds.get(random.nextInt(seeds.size())), random);
            try {
                GroupEnvelope read = GroupCodec.decode(input);
                messages++;
                assertEquals(read, GroupCodec.decode(encode(read.group(), read.message())));
            } catch (MalformedException expected) {
                assertTrue(expected.getMessage() != null);
            }
        }
        assertTrue(messages > INPUTS / 50, "only " + messages + " mutants could be read");
    }

    private static Bytes noise(SplittableRandom random) {
        byte[] bytes = new byte[3 + random.nextInt(120)];
        random.nextBytes(bytes);
        bytes[0] = 2;
        bytes[1] = 1;
        bytes[2] = (byte) random.nextInt(17);
        return Bytes.wrap(bytes);
    }

    private static Bytes mutated(Bytes seed, SplittableRandom random) {
        byte[] bytes = seed.toByteArray();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt(256);
                case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0x7F : 0xFF);
                case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(20));
                default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xFF);
            }
        }
        return Bytes.wrap(bytes);
    }

    private static Bytes encode(GroupId group, GroupMessage message) {
        GroupCodec.Encoded encoded = GroupCodec.encode(SELF, group, message);
        return new ByteWriter(64).putRaw(encoded.head()).putRaw(encoded.body()).toBytes();
    }

    private static Packet packet(int count, String... messages) {
        ByteWriter writer = new ByteWriter(64);
        for (String message : messages) {
            writer.putText(message);
        }
        return new Packet(
                VIEW,
                0,
                1,
                Ordering.FIFO,
                Delivery.ON_RECEIPT,
                -1,
                VectorClock.NONE,
                OrderNumbers.NONE,
                count,
                writer.toBytes());
    }

    private static Packet order(int... runs) {
        return new Packet(
                VIEW,
                0,
                1,
                Ordering.FIFO,
                Delivery.ON_RECEIPT,
                -1,
                VectorClock.NONE,
                OrderNumbers.of(runs),
                0,
                Bytes.EMPTY);
    }
}
