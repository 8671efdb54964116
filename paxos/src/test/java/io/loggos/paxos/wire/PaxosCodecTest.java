package io.loggos.paxos.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.LogEntry;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PaxosCodecTest {
    private static final LogId LOG = new LogId(-5);
    private static final long CONFIGURATION = 3;
    private static final long INCARNATION = -9;
    private static final Ballot LOW = new Ballot(7, 65_535);
    private static final Ballot HIGH = new Ballot(Long.MAX_VALUE, 1);
    private static final Bytes BATCH = batch("one", "", "three");
    private static final List<LogEntry> ENTRIES =
            List.of(LogEntry.of(4, LOW, BATCH), LogEntry.of(Long.MAX_VALUE, HIGH, batch()));

    /** Messages of every type. The next test checks that no type is missing. */
    static Stream<PaxosMessage> messages() {
        return Stream.of(
                new PaxosMessage.Status(LOW, Ballot.ZERO, 0, 8, true),
                new PaxosMessage.Status(HIGH, LOW, 2, 0, false),
                new PaxosMessage.Prepare(LOW, 1),
                new PaxosMessage.Promise(LOW, 3, 1, 0, true, List.of()),
                new PaxosMessage.Promise(
                        HIGH,
                        3,
                        2,
                        5,
                        false,
                        Stream.concat(ENTRIES.stream(), Stream.of(LogEntry.faultyAt(9)))
                                .toList()),
                new PaxosMessage.Accept(LOW, 5, 4, BATCH),
                new PaxosMessage.Accept(LOW, 1, 0, batch()),
                new PaxosMessage.Accepted(LOW, 5),
                new PaxosMessage.Refused(LOW, HIGH),
                new PaxosMessage.Chosen(LOW, 12),
                new PaxosMessage.Learn(6),
                new PaxosMessage.Learned(6, 7, 2, ENTRIES),
                new PaxosMessage.Learned(6, 5, 1, List.of()),
                new PaxosMessage.Forward(LOW, 44, 3, 2, 2, commands(44, "a", "b")),
                new PaxosMessage.ReadIndex(17, false),
                new PaxosMessage.ReadIndex(18, true),
                new PaxosMessage.ReadIndexAnswer(17, 99),
                new PaxosMessage.Confirm(LOW, 4, 0),
                new PaxosMessage.Confirm(LOW, 5, 1_000_000_000),
                new PaxosMessage.Confirmed(LOW, 4, true),
                new PaxosMessage.Confirmed(HIGH, 5, false),
                new PaxosMessage.Digests(List.of(
                        new DigestMark(100, -1, OptionalLong.empty()), new DigestMark(200, 7, OptionalLong.of(-8)))),
                new PaxosMessage.Invite(LOW, 0),
                new PaxosMessage.Invite(HIGH, 41),
                new PaxosMessage.Release(LOW, 6),
                new PaxosMessage.Skip(41, PaxosMessage.Skip.Step.ASKED),
                new PaxosMessage.Skip(42, PaxosMessage.Skip.Step.DECIDED));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsWrittenIsRead(PaxosMessage message) {
        assertEquals(new Envelope(LOG, CONFIGURATION, INCARNATION, message), PaxosCodec.decode(encode(message)));
    }

    @Test
    void everyTypeIsAmongThem() {
        List<Class<?>> types = Arrays.asList(PaxosMessage.class.getPermittedSubclasses());
        List<? extends Class<?>> seen =
                messages().map(Object::getClass).distinct().toList();

        assertTrue(seen.containsAll(types), () -> types + " but only " + seen);
    }

    /** The large part of a message is not copied. */
    @Test
    void batchOfAnAcceptIsTheBodyItself() {
        PaxosCodec.Encoded encoded = PaxosCodec.encode(LOG, 1, 1, new PaxosMessage.Accept(LOW, 5, 4, BATCH));

        assertSame(BATCH, encoded.body());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsCutShortIsMalformed(PaxosMessage message) {
        Bytes whole = encode(message);
        for (int size = 0; size < whole.size(); size++) {
            Bytes part = whole.slice(0, size);
            assertThrows(MalformedException.class, () -> PaxosCodec.decode(part));
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsTooLongIsMalformed(PaxosMessage message) {
        Bytes longer = new ByteWriter(64).putRaw(encode(message)).putByte(0).toBytes();

        assertThrows(MalformedException.class, () -> PaxosCodec.decode(longer));
    }

    /** An acceptor holds nothing that could not be applied. */
    @Test
    void acceptWithoutABatchIsMalformed() {
        Bytes noBatch = encode(new PaxosMessage.Accept(LOW, 5, 4, Bytes.utf8("no batch at all, but some bytes")));

        assertThrows(MalformedException.class, () -> PaxosCodec.decode(noBatch));
    }

    /** A promise may report a damaged record. A chosen value may not be one. */
    @Test
    void faultyEntryIsNoChosenValue() {
        Bytes faulty = encode(new PaxosMessage.Learned(1, 1, 1, List.of(LogEntry.faultyAt(1))));

        assertThrows(MalformedException.class, () -> PaxosCodec.decode(faulty));
    }

    /** A forward carries commands of its own session only. Otherwise one session could take another's numbers. */
    @Test
    void forwardOfAnotherSessionIsMalformed() {
        Bytes foreign = encode(new PaxosMessage.Forward(LOW, 44, 1, 2, 1, commands(45, "a")));

        assertThrows(MalformedException.class, () -> PaxosCodec.decode(foreign));
    }

    /** An id is whole, or an acceptor would hold what nobody can apply. */
    @Test
    void forwardOfAShortIdIsMalformed() {
        for (int size = 0; size < 30; size++) {
            Bytes command = new ByteWriter(64)
                    .putLong(44)
                    .putLong(1)
                    .putInt(1 << 31)
                    .putBytes(Bytes.wrap(new byte[size]))
                    .toBytes();
            Bytes forward = encode(new PaxosMessage.Forward(LOW, 44, 1, 2, 1, command));
            if (size < 24) {
                assertThrows(MalformedException.class, () -> PaxosCodec.decode(forward));
            } else {
                assertEquals(LOG, PaxosCodec.decode(forward).log());
            }
        }
    }

    /** RULES.md B-2: any input is either a message that can be encoded again, or malformed. */
    @Test
    void noBytesDoAnyHarm() {
        List<Bytes> seeds = messages().map(PaxosCodecTest::encode).toList();
        SplittableRandom random = new SplittableRandom(42);
        int messages = 0;
        for (int i = 0; i < 250_000; i++) {
            Bytes input = i % 5 == 0 ? noise(random) : mutated(seeds.get(random.nextInt(seeds.size())), random);
            try {
                Envelope read = PaxosCodec.decode(input);
                messages++;
                assertEquals(read, PaxosCodec.decode(encode(read)));
            } catch (MalformedException expected) {
                assertTrue(expected.getMessage() != null);
            }
        }
        assertTrue(messages > 10_000, "only " + messages + " mutants could be read");
    }

    private static Bytes noise(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        if (bytes.length > 2) {
            bytes[0] = 1;
            bytes[1] = 1;
            bytes[2] = (byte) random.nextInt(18);
        }
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

    private static Bytes encode(PaxosMessage message) {
        return encode(new Envelope(LOG, CONFIGURATION, INCARNATION, message));
    }

    private static Bytes encode(Envelope envelope) {
        PaxosCodec.Encoded encoded =
                PaxosCodec.encode(envelope.log(), envelope.configuration(), envelope.incarnation(), envelope.message());
        return new ByteWriter(64).putRaw(encoded.head()).putRaw(encoded.body()).toBytes();
    }

    /** Encodes a batch by hand, because the core's classes that make one are not public. */
    private static Bytes batch(String... payloads) {
        return new ByteWriter(64)
                .putByte(1)
                .putLong(1_000)
                .putInt(payloads.length)
                .putRaw(commands(8, payloads))
                .toBytes();
    }

    private static Bytes commands(long session, String... payloads) {
        ByteWriter writer = new ByteWriter(64);
        long sequence = 0;
        for (String payload : payloads) {
            writer.putLong(session).putLong(++sequence).putInt(0).putText(payload);
        }
        return writer.toBytes();
    }
}
