package io.loggos.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.Meters;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MicrometerMetersTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Meters meters = MicrometerMeters.of(registry);

    @Test
    void counterCounts() {
        Meters.Counter counter = meters.counter("loggos.events", "log", "orders");
        counter.add(2);
        counter.add(3);

        assertEquals(
                5, registry.get("loggos.events").tag("log", "orders").counter().count());
    }

    /** Two meters with the same name and tags are one meter. */
    @Test
    void sameNameAndTagsAreOneMeter() {
        meters.counter("loggos.events", "log", "orders").add(1);
        meters.counter("loggos.events", "log", "orders").add(1);
        meters.counter("loggos.events", "log", "bank").add(1);

        assertEquals(
                2, registry.get("loggos.events").tag("log", "orders").counter().count());
        assertEquals(
                1, registry.get("loggos.events").tag("log", "bank").counter().count());
    }

    @Test
    void timerTakesNanoseconds() {
        meters.timer("loggos.sync").record(2_000_000);
        io.micrometer.core.instrument.Timer timer = registry.get("loggos.sync").timer();

        assertEquals(1, timer.count());
        assertEquals(2, timer.totalTime(TimeUnit.MILLISECONDS));
    }

    @Test
    void summaryHasItsUnit() {
        meters.summary("loggos.batch.commands", "commands").record(7);
        DistributionSummary summary = registry.get("loggos.batch.commands").summary();

        assertEquals(7, summary.totalAmount());
        assertEquals("commands", summary.getId().getBaseUnit());
    }

    /** A gauge is read on demand, and is kept even if nothing else refers to its source. */
    @Test
    void gaugeIsReadWhenLookedAt() {
        AtomicLong value = new AtomicLong(1);
        meters.gauge("loggos.slot", value::get, "log", "orders");
        value.set(9);

        assertNotNull(registry.find("loggos.slot").gauge());
        assertEquals(9, registry.get("loggos.slot").gauge().value());
    }

    /** The gauge of a log that is opened again reads the new life, and nothing keeps the one before. */
    @Test
    void metersOfAScopeEndWithIt() {
        MeterScope node = MeterScope.of(meters, "node", "1");
        MeterScope first = MeterScope.of(node, "log", "orders");
        first.gauge("loggos.slot.applied", () -> 7);
        first.counter("loggos.overloads").add(1);
        first.close();
        first.counter("loggos.overloads").add(1);
        assertEquals(0, registry.getMeters().size());

        MeterScope.of(node, "log", "orders").gauge("loggos.slot.applied", () -> 1);
        assertEquals(
                1,
                registry.get("loggos.slot.applied")
                        .tags("node", "1", "log", "orders")
                        .gauge()
                        .value());
        node.close();
        assertEquals(0, registry.getMeters().size());
    }

    @Test
    void nodesThatShareARegistryHaveMetersOfTheirOwn() {
        MeterScope.of(meters, "node", "1").gauge("loggos.slot.applied", () -> 1);
        MeterScope second = MeterScope.of(meters, "node", "2");
        second.gauge("loggos.slot.applied", () -> 2);
        assertEquals(
                1, registry.get("loggos.slot.applied").tag("node", "1").gauge().value());
        second.close();
        assertEquals(1, registry.getMeters().size());
    }

    @Test
    void laterGaugeTakesThePlaceOfAnEarlierOne() {
        meters.gauge("loggos.pending.bytes", () -> 1, "log", "orders");
        meters.gauge("loggos.pending.bytes", () -> 2, "log", "orders");
        assertEquals(2, registry.get("loggos.pending.bytes").gauge().value());
        assertEquals(
                "bytes", registry.get("loggos.pending.bytes").gauge().getId().getBaseUnit());
        assertNotNull(registry.get("loggos.pending.bytes").gauge().getId().getDescription());
    }
}
