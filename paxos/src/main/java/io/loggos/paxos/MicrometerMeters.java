package io.loggos.paxos;

import io.loggos.api.spi.Meters;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Sends measurements to a Micrometer registry. The README of this module lists the meters. */
public final class MicrometerMeters implements Meters {
    private final MeterRegistry registry;

    private MicrometerMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Returns meters for a registry. Micrometer must be on the class path; Loggos does not depend on it. */
    public static MicrometerMeters of(MeterRegistry registry) {
        return new MicrometerMeters(registry);
    }

    @Override
    public Counter counter(String name, String... tags) {
        io.micrometer.core.instrument.Counter counter = registry.counter(name, tags);
        return counter::increment;
    }

    @Override
    public Timer timer(String name, String... tags) {
        io.micrometer.core.instrument.Timer timer = io.micrometer.core.instrument.Timer.builder(name)
                .tags(tags)
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Summary summary(String name, String unit, String... tags) {
        DistributionSummary summary =
                DistributionSummary.builder(name).baseUnit(unit).tags(tags).register(registry);
        return summary::record;
    }

    @Override
    public void gauge(String name, LongSupplier value, String... tags) {
        Gauge.builder(name, value, LongSupplier::getAsLong)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }
}
