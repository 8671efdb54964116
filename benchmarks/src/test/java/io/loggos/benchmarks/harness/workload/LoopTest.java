package io.loggos.benchmarks.harness.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.benchmarks.harness.report.Figures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LoopTest {
    private static final long MILLI = 1_000_000;

    private final Measurement measurement = new Measurement();

    /** Time that passes only when it is told to. */
    private static final class VirtualClock implements Clock {
        private long now = 5 * MILLI;
        private int pauses;

        @Override
        public long nanos() {
            return now;
        }

        @Override
        public void pauseUntil(long nanos) {
            pauses++;
            now = Math.max(now, nanos);
        }
    }

    @Test
    void aClosedLoopKeepsAsManyInFlight() {
        ArrayDeque<Operation> underWay = new ArrayDeque<>();
        ClosedLoop loop = new ClosedLoop(4, underWay::add, measurement);
        loop.begin();
        assertEquals(4, underWay.size());
        measurement.start();
        underWay.remove().complete(null);
        underWay.remove().complete(null);
        loop.step();
        measurement.stop();
        assertEquals(4, underWay.size());
        assertEquals(2, loop.succeeded());
        underWay.forEach(operation -> operation.complete(null));
        loop.end();
        assertEquals(6, loop.succeeded());
        assertEquals(0, measurement.errors());
    }

    @Test
    void whatCompletesOnOtherThreadsIsNeitherLostNorCountedTwice() {
        int inFlight = 64;
        int started = 20_000;
        ExecutorService threads = Executors.newFixedThreadPool(3);
        int[] starts = {0};
        ClosedLoop loop = new ClosedLoop(
                inFlight,
                operation -> {
                    starts[0]++;
                    threads.execute(() -> operation.complete(null));
                },
                measurement);
        try {
            loop.begin();
            while (starts[0] < started) {
                loop.step();
            }
            loop.end();
        } finally {
            threads.shutdownNow();
        }
        assertEquals(starts[0], loop.succeeded());
    }

    @Test
    void completionsComeBackInTheirOrder() {
        Completions completions = new Completions(new VirtualClock());
        List<Operation> added = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Operation operation = new Operation(completions);
            operation.complete(null);
            added.add(operation);
        }
        List<Operation> taken = new ArrayList<>();
        for (Operation each = completions.takeAll(); each != null; each = each.next) {
            taken.add(each);
        }
        assertEquals(added, taken);
        assertEquals(null, completions.takeAll());
    }

    @Test
    void aFailureIsCountedAndKept() {
        ClosedLoop loop = new ClosedLoop(
                2,
                operation -> {
                    throw new IllegalStateException("no");
                },
                measurement);
        loop.begin();
        loop.step();
        loop.end();
        assertEquals(4, measurement.errors());
        assertEquals(0, loop.succeeded());
        assertNotNull(measurement.firstError());
    }

    @Test
    void anOpenLoopStartsWhatIsDueAndPausesUntilTheNext() {
        VirtualClock clock = new VirtualClock();
        List<Long> starts = new ArrayList<>();
        OpenLoop loop = open(clock, operation -> {
            starts.add(clock.nanos());
            operation.complete(null);
        });
        loop.begin();
        while (starts.size() < 5) {
            loop.step();
        }
        loop.end();
        assertEquals(List.of(5 * MILLI, 6 * MILLI, 7 * MILLI, 8 * MILLI, 9 * MILLI), starts);
        assertEquals(5, loop.succeeded());
        assertTrue(clock.pauses >= 4, "paused " + clock.pauses + " times");
    }

    /** Ten are due while the loop sleeps: all are started when it wakes, and each has waited since it was due. */
    @Test
    void latencyCountsFromTheTimeAtWhichItWasDue() {
        VirtualClock clock = new VirtualClock();
        OpenLoop loop = open(clock, operation -> operation.complete(null));
        loop.begin();
        clock.now += 9 * MILLI;
        measurement.start();
        loop.step();
        loop.step();
        measurement.stop();
        Figures figures = measurement.figures(1);
        assertEquals(10, loop.succeeded());
        assertEquals(4_000, figures.p50Micros(), 5);
        assertEquals(9_000, figures.p99Micros(), 10);
    }

    @Test
    void whatIsRefusedIsNoError() {
        VirtualClock clock = new VirtualClock();
        IllegalStateException refusal = new IllegalStateException("too much");
        ArrayDeque<Throwable> failures = new ArrayDeque<>(List.of(refusal, new IllegalArgumentException("other")));
        OpenLoop loop = open(clock, operation -> operation.complete(failures.poll()));
        loop.begin();
        clock.now += 2 * MILLI;
        measurement.start();
        loop.step();
        loop.step();
        measurement.stop();
        assertEquals(1, measurement.refused());
        assertEquals(1, measurement.errors());
        assertEquals(1, loop.succeeded());
    }

    @Test
    void moreThanFitsIsRefusedByTheLoop() {
        VirtualClock clock = new VirtualClock();
        int[] started = {0};
        OpenLoop loop = open(clock, operation -> started[0]++);
        loop.begin();
        clock.now += (OpenLoop.MOST + 9) * MILLI;
        measurement.start();
        while (started[0] + measurement.refused() < OpenLoop.MOST + 10) {
            loop.step();
        }
        measurement.stop();
        assertEquals(OpenLoop.MOST, started[0]);
        assertEquals(10, measurement.refused());
    }

    private OpenLoop open(Clock clock, Work work) {
        return new OpenLoop(1_000, work, measurement, IllegalStateException.class::isInstance, clock);
    }
}
