package io.loggos.paxos.synchronous;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Bytes;
import io.loggos.paxos.synchronous.core.RoundMessage;
import io.loggos.paxos.synchronous.core.SynchronousConsensus;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** One process: its rounds, and what it does with what comes out of them. */
class SynchronousConsensusTest {
    private static final long ROUND = 100;

    private final List<String> effects = new ArrayList<>();
    private final SynchronousConsensus process =
            new SynchronousConsensus(1, ROUND, Bytes.utf8("m"), new SynchronousConsensus.Effects() {
                @Override
                public void multicast(RoundMessage message) {
                    effects.add(message.round()
                            + message.values().stream().map(Bytes::toUtf8).collect(Collectors.joining(",", "[", "]")));
                }

                @Override
                public void timer(long atNanos) {
                    effects.add("timer " + atNanos);
                }

                @Override
                public void decided(Bytes value) {
                    effects.add("decided " + value.toUtf8());
                }

                @Override
                public void outOfStep(int messageRound, int round) {
                    effects.add("out of step, " + messageRound + " in " + round);
                }
            });

    /** Its own value first, then what was new, and the minimum at the end. */
    @Test
    void multicastsWhatIsNewAndDecidesOnTheMinimum() {
        process.start(10);
        process.onMessage(message(1, "z", "m"), 50);
        process.onMessage(message(1, "k"), 60);
        process.onTimer(110);
        process.onMessage(message(2, "c"), 150);
        process.onTimer(210);

        assertEquals(List.of("timer 110", "1[m]", "timer 210", "2[k,z]", "decided c"), effects);
    }

    @Test
    void saysNothingWithoutNews() {
        process.start(0);
        process.onMessage(message(1, "m"), 50);
        process.onTimer(100);
        process.onTimer(200);

        assertEquals(List.of("timer 100", "1[m]", "timer 200", "decided m"), effects);
    }

    /** Values are compared as unsigned bytes. */
    @Test
    void highBytesAreAboveLowOnes() {
        process.start(0);
        process.onMessage(new RoundMessage(1, new TreeSet<>(List.of(Bytes.wrap(new byte[] {-1})))), 50);
        process.onTimer(100);
        process.onTimer(200);

        assertEquals("decided m", effects.get(effects.size() - 1));
    }

    @Test
    void firstMessageBegins() {
        process.onMessage(message(1, "a"), 30);
        process.start(40);
        process.onTimer(130);

        assertEquals(List.of("timer 130", "1[m]", "timer 230", "2[a]"), effects);
    }

    /** The message of a process that is ahead is taken in the same round here. */
    @Test
    void earlyMessageWaitsForItsRound() {
        process.start(0);
        process.onMessage(message(2, "a"), 95);
        process.onTimer(100);
        process.onTimer(200);

        assertEquals(List.of("timer 100", "1[m]", "timer 200", "decided a"), effects);
    }

    @Test
    void earlyTimerDoesNothing() {
        process.start(0);
        process.onTimer(99);

        assertEquals(List.of("timer 100", "1[m]"), effects);
    }

    @Test
    void lateMessageEndsTheRunWithoutADecision() {
        process.start(0);
        process.onTimer(100);
        process.onMessage(message(1, "a"), 101);
        process.onTimer(200);

        assertEquals(List.of("timer 100", "1[m]", "timer 200", "out of step, 1 in 2"), effects);
    }

    @Test
    void messageOfARoundThatCannotBeYetEndsTheRun() {
        process.start(0);
        process.onMessage(message(3, "a"), 50);
        process.onTimer(100);

        assertEquals(List.of("timer 100", "1[m]", "out of step, 3 in 1"), effects);
    }

    @Test
    void runThatIsUnderWayIsNotJoined() {
        process.onMessage(message(2, "a"), 50);
        process.start(60);

        assertEquals(List.of("out of step, 2 in 0"), effects);
    }

    @Test
    void roundOversleptEndsTheRun() {
        process.start(0);
        process.onTimer(199);
        process.onTimer(300);

        assertEquals(List.of("timer 100", "1[m]", "timer 200", "out of step, 3 in 2"), effects);
    }

    @Test
    void nothingComesAfterTheDecision() {
        process.start(0);
        process.onTimer(100);
        process.onTimer(200);
        int decided = effects.size();
        process.onMessage(message(1, "a"), 201);
        process.onTimer(300);
        process.start(400);

        assertEquals(decided, effects.size());
    }

    @Test
    void refusesARoundOfNoLength() {
        SynchronousConsensus.Effects none = new SynchronousConsensus.Effects() {
            @Override
            public void multicast(RoundMessage message) {}

            @Override
            public void timer(long atNanos) {}

            @Override
            public void decided(Bytes value) {}

            @Override
            public void outOfStep(int messageRound, int round) {}
        };
        assertThrows(IllegalArgumentException.class, () -> new SynchronousConsensus(-1, ROUND, Bytes.EMPTY, none));
        assertThrows(IllegalArgumentException.class, () -> new SynchronousConsensus(1, 0, Bytes.EMPTY, none));
    }

    private static RoundMessage message(int round, String... values) {
        return new RoundMessage(
                round, Stream.of(values).map(Bytes::utf8).collect(Collectors.toCollection(TreeSet::new)));
    }
}
