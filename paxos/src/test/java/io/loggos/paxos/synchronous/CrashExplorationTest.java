package io.loggos.paxos.synchronous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every way in which at most f of n processes crash: each in any round, having reached any of the others in it. And for
 * each, every way in which the proposals of n processes may compare, which is all that the protocol sees of them.
 */
class CrashExplorationTest {
    private static final int PROCESSES = 4;
    private static final int FAULTS = 2;

    /** Agreement, validity, and termination after f + 1 rounds. */
    @Test
    void oneRoundMoreThanFaultsIsEnough() {
        List<CrashPattern> patterns = CrashPattern.all(PROCESSES, FAULTS, FAULTS + 1);
        List<List<Bytes>> proposals = comparisons(PROCESSES);

        for (CrashPattern crashes : patterns) {
            for (List<Bytes> proposal : proposals) {
                assertNull(runInStep(FAULTS + 1, proposal, crashes), () -> crashes + ", " + texts(proposal));
            }
        }

        // 4 processes, 24 ways to crash each, at most two of them.
        assertEquals(1 + 4 * 24 + 6 * 24 * 24, patterns.size());
        assertEquals(75, proposals.size());
    }

    /** A value that passes from one crash to the next reaches only some processes within f rounds. */
    @Test
    void asManyRoundsAsFaultsAreNotEnough() {
        List<String> failures = new ArrayList<>();
        for (CrashPattern crashes : CrashPattern.all(PROCESSES, FAULTS, FAULTS)) {
            for (List<Bytes> proposal : comparisons(PROCESSES)) {
                String wrong = runInStep(FAULTS, proposal, crashes);
                if (wrong != null) {
                    failures.add(FAULTS + " rounds, " + texts(proposal) + " proposed: " + crashes + "; " + wrong);
                }
            }
        }

        assertFalse(failures.isEmpty(), "f rounds are enough");
        assertTrue(
                failures.contains("2 rounds, [a, b, b, b] proposed: 1 crashes in round 1 and reaches only 2, "
                        + "2 crashes in round 2 and reaches only 3; agreement: 3 decides a, 4 decides b"),
                () -> String.join("\n", failures));
        assertTrue(failures.stream().allMatch(failure -> failure.contains("agreement")), "and validity holds");
        System.out.println(failures.size() + " runs of f rounds disagree; the first: " + failures.get(0));
    }

    /** It takes f crashes to break f rounds. */
    @Test
    void asManyRoundsAsFaultsAreEnoughForOneFaultLess() {
        for (CrashPattern crashes : CrashPattern.all(PROCESSES, FAULTS - 1, FAULTS)) {
            for (List<Bytes> proposal : comparisons(PROCESSES)) {
                assertNull(runInStep(FAULTS, proposal, crashes), () -> crashes + ", " + texts(proposal));
            }
        }
    }

    /** Beginnings that differ and deliveries that vary, as long as a round is above the two together. */
    @Test
    void clocksMayDifferAndDeliveriesVary() {
        List<CrashPattern> patterns = CrashPattern.all(PROCESSES, FAULTS, FAULTS + 1);
        List<List<Bytes>> proposals = comparisons(PROCESSES);
        for (long seed = 0; seed < 20_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            CrashPattern crashes = patterns.get(random.nextInt(patterns.size()));
            List<Bytes> proposal = proposals.get(random.nextInt(proposals.size()));
            long difference = random.nextLong(RoundsWorld.ROUND);
            RoundsWorld world = new RoundsWorld(
                    FAULTS + 1, proposal, crashes, () -> random.nextLong(RoundsWorld.ROUND - difference));
            for (int process = 1; process <= PROCESSES; process++) {
                world.start(process, random.nextLong(difference + 1));
            }

            long failed = seed;
            assertNull(world.run(), () -> "seed " + failed + ": " + crashes);
        }
    }

    /** One is told to begin, messages tell the others, and f crashes may lie in their way. */
    @Test
    void theFirstMessageBeginsTheRun() {
        long delivery = RoundsWorld.ROUND / (FAULTS + 2) - 1;
        for (CrashPattern crashes : CrashPattern.all(PROCESSES, FAULTS, FAULTS + 1)) {
            if (crashes.of(1) == null) {
                List<Bytes> proposal = List.of(Bytes.utf8("d"), Bytes.utf8("b"), Bytes.utf8("c"), Bytes.utf8("a"));
                RoundsWorld world = new RoundsWorld(FAULTS + 1, proposal, crashes, () -> delivery);

                assertNull(world.start(1, 0).run(), crashes::toString);
            }
        }
    }

    private static @Nullable String runInStep(int rounds, List<Bytes> proposals, CrashPattern crashes) {
        return new RoundsWorld(rounds, proposals, crashes, () -> 1).startAll().run();
    }

    /** All lists of n letters in which, if a letter occurs, all before it in the alphabet do: the weak orders. */
    private static List<List<Bytes>> comparisons(int size) {
        List<List<Bytes>> lists = new ArrayList<>();
        int total = (int) Math.pow(size, size);
        for (int code = 0; code < total; code++) {
            int[] letters = new int[size];
            for (int i = 0, rest = code; i < size; i++, rest /= size) {
                letters[i] = rest % size;
            }
            int highest = IntStream.of(letters).max().orElseThrow();
            if (IntStream.of(letters).distinct().count() == highest + 1) {
                lists.add(IntStream.of(letters)
                        .mapToObj(letter -> Bytes.utf8(String.valueOf((char) ('a' + letter))))
                        .toList());
            }
        }
        return lists;
    }

    private static List<String> texts(List<Bytes> proposals) {
        return proposals.stream().map(Bytes::toUtf8).toList();
    }
}
