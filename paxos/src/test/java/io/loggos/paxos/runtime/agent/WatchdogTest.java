package io.loggos.paxos.runtime.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WatchdogTest {
    private static final long PATIENCE = 5_000_000_000L;

    private final List<String> reports = new ArrayList<>();
    private long now = 7;
    private final Watchdog watchdog = new Watchdog("test", () -> now, PATIENCE, reports::add);
    private final Work work = new Work();

    private static final class Work implements Watchdog.Watched {
        private @Nullable Thread worker;
        private long piece;

        @Override
        public String name() {
            return "node-1-apply";
        }

        @Override
        public @Nullable Thread worker() {
            return worker;
        }

        @Override
        public long piece() {
            return piece;
        }
    }

    private void lookAfter(long nanos) {
        now += nanos;
        watchdog.look();
    }

    @Test
    void codeThatDoesNotReturnIsNamedOnceWithItsStack() {
        watchdog.add(work);
        work.worker = Thread.currentThread();
        work.piece = 1;
        lookAfter(1);
        lookAfter(PATIENCE - 1);
        assertEquals(List.of(), reports);
        lookAfter(1);
        lookAfter(PATIENCE);
        assertEquals(1, reports.size());
        assertTrue(reports.get(0).startsWith("\"node-1-apply\" has not returned for 5000 ms"), reports::toString);
        assertTrue(reports.get(0).contains("WatchdogTest.lookAfter"), reports::toString);

        work.piece = 2;
        lookAfter(PATIENCE);
        assertEquals(1, reports.size());
        lookAfter(PATIENCE);
        assertEquals(2, reports.size());
    }

    @Test
    void workThatGoesOnAndRestAreFine() {
        watchdog.add(work);
        for (int i = 0; i < 10; i++) {
            work.worker = Thread.currentThread();
            work.piece++;
            lookAfter(PATIENCE);
            work.worker = null;
            lookAfter(PATIENCE);
            lookAfter(PATIENCE);
        }
        assertEquals(List.of(), reports);
        watchdog.remove(work);
    }
}
