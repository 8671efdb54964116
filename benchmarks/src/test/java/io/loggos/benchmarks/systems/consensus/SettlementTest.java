package io.loggos.benchmarks.systems.consensus;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class SettlementTest {
    /** A command is answered by the one that leads before the others apply it, so the furthest is waited for. */
    @Test
    void whoeverIsBehindIsWaitedFor() {
        AtomicLong behind = new AtomicLong(4);
        Supplier<Long> furthest = () -> 7L;
        assertEquals(List.of(7L, 7L), Settlement.await(List.of(furthest, behind::incrementAndGet), applied -> applied));
    }
}
