package io.loggos.multicast.core;

import static io.loggos.multicast.core.LonelyNode.N2;
import static io.loggos.multicast.core.LonelyNode.N3;
import static io.loggos.multicast.core.LonelyNode.hello;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.MalformedException;
import io.loggos.multicast.wire.Frame.Refused;
import io.loggos.multicast.wire.FrameCodec;
import io.loggos.multicast.wire.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** RULES.md B-2: no input makes a method throw, and bytes that are no frame change nothing but the connection. */
class LinksFuzzTest {
    private static final int INPUTS = Integer.getInteger("fuzz.inputs", 100_000);

    private final SplittableRandom random = new SplittableRandom(2026);
    private final LonelyNode node = LonelyNode.started();
    private final List<Bytes> sound = List.of(
            FrameCodec.encode(hello(N2, 200, 1)),
            LonelyNode.welcome(N2, 200, 1, 1),
            LonelyNode.refused(new Refused(Refusal.CLUSTER, "no")),
            LonelyNode.data(1, 1, "a", "bc", ""),
            LonelyNode.data(1, 2),
            LonelyNode.ack(1, 1),
            LonelyNode.heartbeat(N2, N3));

    private long life = 1000;
    private int malformed;

    @Test
    void noInputIsTooBad() {
        for (int i = 0; i < INPUTS; i++) {
            try {
                one(connection(), mutated());
            } catch (RuntimeException | Error e) {
                throw new AssertionError("input " + i, e);
            }
        }
        assertTrue(malformed > INPUTS / 4, "only " + malformed + " inputs were malformed");
        assertTrue(malformed < INPUTS, "no input was well-formed");
    }

    @Test
    void anOversizedFrameEndsTheConnection() {
        FakeConnection c = node.accepted(hello(N3, 300, 1));
        node.receive(c, Bytes.wrap(new byte[LonelyNode.SMALL.maxFrameBytes() + 1]));
        assertEquals("INVALID: a frame of 65537 bytes, the limit is 65536", c.closed);
        assertEquals(1, node.links.invalidFrames());
    }

    @Test
    void soundFramesInTheWrongPlaceEndTheConnectionToo() {
        int expected = 0;
        for (Bytes frame : List.of(sound.get(1), sound.get(3), sound.get(5), sound.get(6), sound.get(2))) {
            FakeConnection c = new FakeConnection();
            node.links.onAccepted(c, node.now);
            node.receive(c, frame);
            assertNotNull(c.closed);
            assertEquals(++expected, node.links.invalidFrames());
        }
        for (Bytes frame : List.of(sound.get(0), sound.get(1), sound.get(5))) {
            FakeConnection c = node.accepted(hello(N3, 300, expected));
            node.receive(c, frame);
            assertTrue(c.closed.startsWith("INVALID: "), c.closed);
            assertEquals(++expected, node.links.invalidFrames());
        }
        for (Bytes frame : List.of(sound.get(0), sound.get(3), sound.get(5), sound.get(6))) {
            FakeConnection c = node.dialled(N3);
            node.receive(c, frame);
            assertTrue(c.closed.startsWith("INVALID: "), c.closed);
            assertEquals(++expected, node.links.invalidFrames());
        }
        FakeConnection c = node.welcomed(N3, 300);
        node.receive(c, LonelyNode.ack(1, 5));
        assertEquals("INVALID: message 5 is acknowledged, 0 were sent", c.closed);
    }

    private void one(FakeConnection connection, Bytes input) {
        boolean wellFormed = true;
        try {
            FrameCodec.decode(input);
        } catch (MalformedException e) {
            wellFormed = false;
        }
        LinkStatus before = node.links.status(N2);
        node.takeEvents();
        node.receive(connection, input);
        if (!wellFormed) {
            malformed++;
            assertTrue(connection.closed.startsWith("INVALID: "), connection.closed);
            assertEquals(List.of(), node.takeEvents());
            LinkStatus after = node.links.status(N2);
            assertEquals(before.generation(), after.generation());
            assertEquals(before.acknowledged(), after.acknowledged());
            assertEquals(before.incomingGeneration(), after.incomingGeneration());
            assertEquals(before.received(), after.received());
        }
        if (connection.closed == null) {
            node.links.onClosed(connection, "next", node.now);
        }
    }

    /** A connection of one of the three kinds. */
    private FakeConnection connection() {
        switch (random.nextInt(3)) {
            case 0 -> {
                return node.accepted(hello(N2, ++life, 1));
            }
            case 1 -> {
                return node.welcomed(N2, 200);
            }
            default -> {
                FakeConnection c = new FakeConnection();
                node.links.onAccepted(c, node.now);
                return c;
            }
        }
    }

    private Bytes mutated() {
        byte[] bytes = sound.get(random.nextInt(sound.size())).toByteArray();
        switch (random.nextInt(5)) {
            case 0 -> {
                return Bytes.wrap(Arrays.copyOf(bytes, random.nextInt(bytes.length + 9)));
            }
            case 1 -> {
                byte[] noise = new byte[random.nextInt(100)];
                random.nextBytes(noise);
                return Bytes.wrap(noise);
            }
            case 2 -> {
                int from = random.nextInt(bytes.length);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 4), (byte) (random.nextInt(3) - 1));
                return Bytes.wrap(bytes);
            }
            default -> {
                for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
                return Bytes.wrap(bytes);
            }
        }
    }
}
