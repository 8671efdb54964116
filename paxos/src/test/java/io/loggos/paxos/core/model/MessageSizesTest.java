package io.loggos.paxos.core.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.wire.DataFrame;
import io.loggos.paxos.core.Lone;
import io.loggos.paxos.core.Recorder;
import io.loggos.paxos.wire.PaxosCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No message can be built that its frame cannot carry, for every allowed option. */
class MessageSizesTest {
    private static final Ballot OLD = new Ballot(1, 2);
    private static final int LEAST_FRAME = 64 << 10;
    private static final int MOST_COMMAND = 2 << 20;

    /** Frames of the least size, of sizes about the limits of parts, and of any size. */
    private static int frameBytes(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> LEAST_FRAME;
            case 1 -> (512 << 10) + random.nextInt(-200, 200);
            case 2 -> (1 << 20) + random.nextInt(-200, 200);
            default -> random.nextInt(LEAST_FRAME, 4 << 20);
        };
    }

    /** Sizes of commands: the largest, small ones, and any. */
    private static int commandBytes(SplittableRandom random, int most) {
        return switch (random.nextInt(4)) {
            case 0 -> most;
            case 1 -> random.nextInt(0, 3);
            case 2 -> random.nextInt(most / 3, most / 2 + 1);
            default -> random.nextInt(0, most + 1);
        };
    }

    private static int mostCommandBytes(int frameBytes) {
        return Math.min(MOST_COMMAND, frameBytes - MessageSizes.RESERVED_BYTES);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void everyMessageFitsItsFrame(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int frame = frameBytes(random);
        int most = mostCommandBytes(frame);
        Limits limits = Lone.limits(16, random.nextInt(1, most + 1), 64 << 20, frame);
        leads(limits, random, most);
        follows(limits, random, most);
        promisesAndAnswers(limits, random, most);
    }

    /** A leader proposes commands of its own callers and of another node. */
    private static void leads(Limits limits, SplittableRandom random, int most) {
        Lone lone = new Lone(3, Lone.SESSION, RecoveredLog.EMPTY, 0, limits);
        Ballot ballot = lone.leadAndChoose();
        for (int i = 0; i < 12; i++) {
            lone.submit("x".repeat(commandBytes(random, most)), "caller " + i);
        }
        ByteWriter commands = new ByteWriter(64);
        new Submission(9, 1, Bytes.wrap(new byte[most]), null, 0).writeTo(commands);
        lone.receive(2, new PaxosMessage.Forward(ballot, 9, 1, 8, 1, commands.toBytes()));
        for (int slot = 2; slot <= 16; slot++) {
            lone.sync();
            lone.receive(2, new PaxosMessage.Accepted(ballot, slot));
            lone.applied(lone.core.progress().chosenSlot());
        }
        assertEquals(
                13,
                lone.out.to(2, PaxosMessage.Accept.class).stream()
                        .mapToInt(accept -> Batch.parse(accept.batch()).count())
                        .sum());
        assertFit(lone, limits);
    }

    /** A follower forwards the commands of its callers. */
    private static void follows(Limits limits, SplittableRandom random, int most) {
        Lone lone = new Lone(3, Lone.SESSION, RecoveredLog.EMPTY, 0, limits);
        lone.follow(OLD);
        for (int i = 0; i < 12; i++) {
            lone.submit("x".repeat(commandBytes(random, most)), "caller " + i);
        }
        lone.turn();
        assertFalse(lone.out.all(PaxosMessage.Forward.class).isEmpty());
        assertEquals(
                12,
                lone.out.all(PaxosMessage.Forward.class).stream()
                        .mapToInt(PaxosMessage.Forward::count)
                        .sum());
        assertFit(lone, limits);
    }

    /** An acceptor promises with what it has accepted, and answers a laggard from memory and from its log. */
    private static void promisesAndAnswers(Limits limits, SplittableRandom random, int most) {
        Lone lone = new Lone(3, Lone.SESSION, RecoveredLog.EMPTY, 0, limits);
        List<LogEntry> entries = new ArrayList<>();
        for (long slot = 1; slot <= 24; slot++) {
            Bytes batch = batch(commandBytes(random, most));
            entries.add(LogEntry.of(slot, OLD, batch));
            lone.receive(2, new PaxosMessage.Accept(OLD, slot, 0, batch));
        }
        lone.receive(3, new PaxosMessage.Prepare(new Ballot(2, 3), 1));
        assertEquals(
                entries,
                lone.out.all(PaxosMessage.Promise.class).stream()
                        .flatMap(part -> part.accepted().stream())
                        .toList());
        lone.receive(2, new PaxosMessage.Chosen(OLD, 24));
        for (long slot = 1; slot <= 24; slot++) {
            lone.receive(3, new PaxosMessage.Learn(slot));
            lone.core.onLogRead(NodeId.of(3), slot, entries.subList((int) slot - 1, 24), lone.out);
        }
        assertTrue(lone.out.all(PaxosMessage.Learned.class).stream()
                .noneMatch(answer -> answer.entries().isEmpty()));
        assertFit(lone, limits);
    }

    /** The bound is tight: a value of the next size is taken for too large. */
    @ParameterizedTest
    @ValueSource(ints = {64 << 10, 1 << 20})
    void valueThatNoFrameCarriesIsNotTaken(int frame) {
        MessageSizes sizes = new MessageSizes(frame);
        int most = 1;
        while (sizes.carries(most + 1)) {
            most++;
        }
        Lone lone = new Lone(3, Lone.SESSION, RecoveredLog.EMPTY, 0, Lone.limits(4, 128, 2_000, frame));
        lone.receive(2, new PaxosMessage.Accept(OLD, 1, 0, padded(most)));
        lone.receive(2, new PaxosMessage.Accept(OLD, 2, 0, padded(most + 1)));
        assertEquals(
                List.of(1L),
                lone.out.all(PaxosMessage.Accepted.class).stream()
                        .map(PaxosMessage.Accepted::slot)
                        .toList());
        assertTrue(lone.out.notes.contains(PaxosEvent.TOO_LARGE_FOR_FRAME));
        lone.receive(3, new PaxosMessage.Prepare(new Ballot(2, 3), 1));
        assertFit(lone, lone.limits);
    }

    /** A start with smaller frames than in an earlier life is refused, and says why. */
    @ParameterizedTest
    @ValueSource(ints = {64 << 10})
    void logWithAValueThatNoFrameCarriesIsNotOpened(int frame) {
        RecoveredLog log = new RecoveredLog(OLD, 0, 1, List.of(LogEntry.of(7, OLD, padded(frame))), null);
        InvalidOptionsException refusal = assertThrows(
                InvalidOptionsException.class,
                () -> new Lone(3, Lone.SESSION, log, 0, Lone.limits(4, 128, 2_000, frame)));
        assertTrue(String.valueOf(refusal.getMessage()).contains("slot 7"), refusal::getMessage);
    }

    private static Bytes batch(int payloadBytes) {
        Submission command = new Submission(9, 1, Bytes.wrap(new byte[payloadBytes]), null, 0);
        return Batch.of(1_000, List.of(command), payloadBytes).bytes();
    }

    /** Returns a batch of this size. */
    private static Bytes padded(int bytes) {
        return batch(bytes - batch(0).size());
    }

    private static void assertFit(Lone lone, Limits limits) {
        for (Recorder.Sent sent : lone.out.sent) {
            PaxosCodec.Encoded encoded = PaxosCodec.encode(Lone.LOG, 1, 1, sent.message());
            long size = DataFrame.sizeOf(
                    (long) encoded.head().size() + encoded.body().size());
            assertTrue(
                    size <= limits.sizes().frameBytes(),
                    () -> sent.message().getClass() + " of " + size + " bytes with frames of "
                            + limits.sizes().frameBytes());
        }
    }
}
