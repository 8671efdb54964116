package io.loggos.paxos.core;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.RecoveredLog;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Peers that send anything, in any order (RULES.md B-2 and B-6).
 *
 * <p>No step throws, and the promise never falls. The messages may be lies, so the test asks nothing of the resulting
 * log.
 */
class StrangeInputTest {
    private static final int SEEDS = 3_000;
    private static final int STEPS = 150;

    @Test
    void nothingThatPeersSayMakesAStepThrow() {
        int led = 0;
        int applied = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Lone lone = seed % 2 == 0
                    ? new Lone(3)
                    : new Lone(3, Lone.SESSION, RecoveredLog.EMPTY, 0, Lone.LIMITS_WITH_LEASES);
            lone.pass(lone.limits.electionNanos());
            try {
                run(lone, new SplittableRandom(seed));
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            Ballot last = Ballot.ZERO;
            for (LogRecord.Promised promised : lone.out.written(LogRecord.Promised.class)) {
                assertFalse(promised.ballot().isBelow(last), "seed " + seed);
                last = promised.ballot();
            }
            led += lone.out.notes.contains(PaxosEvent.LEADS) ? 1 : 0;
            applied += lone.out.applied.isEmpty() ? 0 : 1;
        }
        assertTrue(led > SEEDS / 12 && applied > SEEDS / 10, "led " + led + ", applied " + applied);
    }

    private static void run(Lone lone, SplittableRandom random) {
        for (int step = 0; step < STEPS && lone.out.halts.isEmpty(); step++) {
            int from = 1 + random.nextInt(4);
            switch (random.nextInt(14)) {
                case 0 -> lone.tick(random.nextInt(60));
                case 1 -> lone.sync();
                case 2 -> lone.propose("command " + step);
                case 3 -> lone.read("read " + step);
                case 4 -> lone.core.onOutgoingReset(NodeId.of(2 + random.nextInt(2)), lone.out);
                case 5 -> answerDisk(lone, random);
                case 6 -> lone.core.onMarks(marks(40, random), lone.now(), lone.out);
                case 7 ->
                    lone.core.transfer(
                            random.nextBoolean() ? NodeId.of(from) : null,
                            end -> {},
                            random.nextInt(200),
                            lone.now(),
                            lone.out);
                case 8 -> lone.readByLease("read by lease " + step);
                default -> lone.receive(from, message(lone, random));
            }
        }
    }

    /** Answers the last request to the disk or to a peer's checkpoints, correctly or not. */
    private static void answerDisk(Lone lone, SplittableRandom random) {
        Recorder out = lone.out;
        if (!out.fetches.isEmpty() && random.nextBoolean()) {
            Recorder.Fetch fetch = out.fetches.remove(out.fetches.size() - 1);
            if (random.nextBoolean()) {
                lone.core.onCheckpointInstalled(fetch.leastSlot() + random.nextInt(3), null, 0, out);
            } else {
                lone.core.onCheckpointMissed(false, lone.now());
            }
        } else if (!out.logReads.isEmpty()) {
            Recorder.LogRead read = out.logReads.remove(out.logReads.size() - 1);
            List<LogEntry> entries = new ArrayList<>();
            for (long slot = read.fromSlot(); slot <= read.throughSlot() && random.nextInt(4) > 0; slot++) {
                entries.add(entry(slot, random));
            }
            lone.core.onLogRead(read.requester(), read.fromSlot(), entries, out);
        }
        lone.turn();
    }

    private static PaxosMessage message(Lone lone, SplittableRandom random) {
        Ballot ballot = ballot(lone, random);
        long slot = 1L + random.nextInt(8);
        long chosen = random.nextInt(8);
        return switch (random.nextInt(17)) {
            case 0 ->
                new PaxosMessage.Status(ballot, ballot(lone, random), random.nextInt(4), chosen, random.nextBoolean());
            case 1 -> new PaxosMessage.Prepare(ballot, chosen);
            case 2, 3 ->
                new PaxosMessage.Promise(
                        ballot,
                        chosen,
                        random.nextInt(9),
                        random.nextInt(2),
                        random.nextBoolean(),
                        entries(slot, random));
            case 4, 5 -> new PaxosMessage.Accept(ballot, slot, chosen, value(random));
            case 6 -> new PaxosMessage.Accepted(ballot, slot);
            case 7 -> new PaxosMessage.Refused(ballot, ballot(lone, random));
            case 8 -> new PaxosMessage.Chosen(ballot, chosen);
            case 9 -> new PaxosMessage.Learn(slot);
            case 10 -> new PaxosMessage.Learned(slot, chosen, random.nextInt(9), sound(entries(slot, random)));
            case 11 -> new PaxosMessage.ReadIndex(random.nextInt(5), random.nextBoolean());
            case 12 -> new PaxosMessage.ReadIndexAnswer(random.nextInt(5), chosen);
            case 13 -> new PaxosMessage.Digests(marks(Long.MAX_VALUE, random));
            case 14 -> new PaxosMessage.Invite(ballot, chosen);
            case 15 -> new PaxosMessage.Release(ballot, random.nextInt(5));
            default -> rare(slot, ballot, random);
        };
    }

    private static PaxosMessage rare(long slot, Ballot ballot, SplittableRandom random) {
        if (random.nextInt(32) == 0) { // Seldom, because one that asks holds back all later slots.
            return new PaxosMessage.Skip(slot, PaxosMessage.Skip.Step.ofCode(1 + random.nextInt(5)));
        }
        return random.nextBoolean()
                ? new PaxosMessage.Confirm(ballot, random.nextInt(5), random.nextInt(200))
                : new PaxosMessage.Confirmed(ballot, random.nextInt(5), random.nextBoolean());
    }

    /** Returns a ballot: often that of the replica itself, sometimes an absurd one. */
    private static Ballot ballot(Lone lone, SplittableRandom random) {
        Ballot own = lone.core.progress().promised();
        return switch (random.nextInt(8)) {
            case 0, 1, 2, 3 -> own.isZero() ? new Ballot(1, 2) : own;
            case 4 -> new Ballot(own.round() + 1, 1 + random.nextInt(3));
            case 5 -> new Ballot(Long.MAX_VALUE - random.nextInt(2), 1 + random.nextInt(3));
            default -> new Ballot(1 + random.nextInt(4), 1 + random.nextInt(3));
        };
    }

    /** Returns digests of slots that are compared and of others, some of them near {@code farthest}. */
    private static List<DigestMark> marks(long farthest, SplittableRandom random) {
        List<DigestMark> marks = new ArrayList<>();
        for (int left = random.nextInt(3); left > 0; left--) {
            long slot = random.nextInt(8) == 0 ? farthest - random.nextInt(20) : 1 + random.nextInt(40);
            OptionalLong state = random.nextBoolean() ? OptionalLong.of(0) : OptionalLong.empty();
            marks.add(new DigestMark(slot, random.nextInt(200) / 199, state));
        }
        return marks;
    }

    private static List<LogEntry> entries(long from, SplittableRandom random) {
        List<LogEntry> entries = new ArrayList<>();
        for (int left = random.nextInt(3); left > 0; left--) {
            entries.add(entry(from + entries.size() * (1L + random.nextInt(2)), random));
        }
        return entries;
    }

    /** Removes faulty entries, because the codec refuses them as chosen values. */
    private static List<LogEntry> sound(List<LogEntry> entries) {
        return entries.stream().filter(entry -> !entry.faulty()).toList();
    }

    private static LogEntry entry(long slot, SplittableRandom random) {
        return random.nextInt(5) == 0
                ? LogEntry.faultyAt(slot)
                : LogEntry.of(slot, new Ballot(1 + random.nextInt(3), 2), value(random));
    }

    private static Bytes value(SplittableRandom random) {
        return random.nextInt(4) == 0
                ? Batch.noOp(random.nextInt(9)).bytes()
                : Lone.batch(random.nextBoolean() ? Lone.SESSION : 5, 1 + random.nextInt(6), "value");
    }
}
