package io.loggos.snapshot.wire;

import static io.loggos.snapshot.testkit.Cuts.ONE;
import static io.loggos.snapshot.testkit.Cuts.THREE;
import static io.loggos.snapshot.testkit.Cuts.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.cut.ChannelState;
import io.loggos.api.snapshot.cut.LinkCut;
import io.loggos.api.snapshot.cut.NodeCut;
import io.loggos.api.snapshot.cut.ReplicaCut;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.snapshot.testkit.Cuts;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class NodeCutCodecTest {
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 100_000);

    static Stream<NodeCut> cuts() {
        return Stream.of(
                Cuts.with(Cuts.good(ONE), List.of(Cuts.replica(12), named("queue", Cuts.replica(0)))),
                Cuts.good(TWO),
                Cuts.with(Cuts.good(THREE), List.of(Cuts.replica(9))),
                new NodeCut(ONE, Long.MIN_VALUE, List.of(), List.of(), new TreeMap<>(), new TreeMap<>()));
    }

    private static ReplicaCut named(String log, ReplicaCut replica) {
        return new ReplicaCut(
                log,
                replica.slot(),
                replica.ballot(),
                replica.firstSlot(),
                replica.acceptedSlot(),
                replica.chosenSlot(),
                replica.history(),
                replica.stateHash(),
                replica.stateBytes());
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void whatIsWrittenIsRead(NodeCut cut) {
        assertEquals(cut, NodeCutCodec.decode(NodeCutCodec.encode(cut)));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void whatIsCutShortOrTooLongIsMalformed(NodeCut cut) {
        Bytes whole = NodeCutCodec.encode(cut);
        for (int size = 0; size < whole.size(); size++) {
            Bytes part = whole.slice(0, size);
            assertThrows(MalformedException.class, () -> NodeCutCodec.decode(part));
        }
        Bytes longer = new ByteWriter(64).putRaw(whole).putByte(0).toBytes();
        assertThrows(MalformedException.class, () -> NodeCutCodec.decode(longer));
    }

    /** Cuts that the record permits and that are impossible. */
    static Stream<NodeCut> impossible() {
        NodeCut good = Cuts.good(ONE);
        ReplicaCut replica = Cuts.replica(12);
        ReplicaCut shortHash = new ReplicaCut(
                "orders",
                replica.slot(),
                replica.ballot(),
                replica.firstSlot(),
                replica.acceptedSlot(),
                replica.chosenSlot(),
                replica.history(),
                Bytes.utf8("no hash"),
                1);
        LinkCut link = good.links().get(TWO);
        ChannelState channel = link.channel();
        ChannelState fromZero = new ChannelState(TWO, ONE, channel.generation(), 0, List.of(), 1);
        return Stream.of(
                Cuts.with(good, List.of(shortHash)),
                Cuts.with(good, List.of(replica, replica)),
                Cuts.with(good, List.of(named("orders", replica), named("bank", replica))),
                Cuts.with(good, List.of(named("x".repeat(2000), replica))),
                Cuts.with(good, new LinkCut(TWO, 1, -1, channel)),
                Cuts.with(good, new LinkCut(TWO, 1, 5, fromZero)));
    }

    @ParameterizedTest
    @MethodSource("impossible")
    void whatCannotBeIsMalformed(NodeCut cut) {
        Bytes bytes = NodeCutCodec.encode(cut);

        assertThrows(MalformedException.class, () -> NodeCutCodec.decode(bytes));
    }

    @Test
    void aLinkThatIsNotWhatItsKeySaysIsNotWritten() {
        NodeCut good = Cuts.good(ONE);
        TreeMap<NodeId, LinkCut> links = new TreeMap<>(good.links());
        links.put(TWO, good.links().get(THREE));
        NodeCut confused = new NodeCut(ONE, 1, List.of(), List.of(), new TreeMap<>(), links);

        assertThrows(IllegalArgumentException.class, () -> NodeCutCodec.encode(confused));
    }

    /** RULES.md B-2: any bytes are a cut or malformed, and a cut can be encoded again. */
    @Test
    void noBytesDoAnyHarm() {
        List<Bytes> seeds = cuts().map(NodeCutCodec::encode).toList();
        SplittableRandom random = new SplittableRandom(42);
        int cuts = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] bytes = seeds.get(random.nextInt(seeds.size())).toByteArray();
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(bytes.length);
                switch (random.nextInt(5)) {
                    case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> bytes[at] = (byte) random.nextInt(256);
                    case 2 -> bytes[at] = (byte) (random.nextBoolean() ? 0x7F : 0xFF);
                    case 3 -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
                    default -> Arrays.fill(bytes, at, Math.min(bytes.length, at + 4), (byte) 0xFF);
                }
            }
            try {
                NodeCut read = NodeCutCodec.decode(Bytes.wrap(bytes));
                cuts++;
                assertEquals(read, NodeCutCodec.decode(NodeCutCodec.encode(read)));
            } catch (MalformedException expected) {
                assertTrue(expected.getMessage() != null);
            }
        }
        assertTrue(cuts > INPUTS / 50, "only " + cuts + " mutants could be read");
    }
}
