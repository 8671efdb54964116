package io.loggos.paxos;

import io.loggos.api.spi.Meters;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends measurements to a Micrometer registry. METERS.md of this module lists the meters.
 *
 * <p>Nodes of one JVM may share a registry if their ids differ: each meter has the tag {@code node}.
 */
public final class MicrometerMeters implements Meters {
    private static final String BYTES = "bytes";

    private final MeterRegistry registry;
    private final ConcurrentMap<Key, Meter> made = new ConcurrentHashMap<>();

    private record Key(String name, List<String> tags) {}

    private MicrometerMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Returns meters for a registry. Micrometer must be on the class path; Loggos does not depend on it. */
    public static MicrometerMeters of(MeterRegistry registry) {
        return new MicrometerMeters(registry);
    }

    @Override
    public Counter counter(String name, String... tags) {
        io.micrometer.core.instrument.Counter counter = io.micrometer.core.instrument.Counter.builder(name)
                .description(MeterDescriptions.of(name))
                .baseUnit(unit(name))
                .tags(tags)
                .register(registry);
        made.put(new Key(name, List.of(tags)), counter);
        return counter::increment;
    }

    @Override
    public Timer timer(String name, String... tags) {
        io.micrometer.core.instrument.Timer timer = io.micrometer.core.instrument.Timer.builder(name)
                .description(MeterDescriptions.of(name))
                .tags(tags)
                .publishPercentiles(0.5, 0.99)
                .register(registry);
        made.put(new Key(name, List.of(tags)), timer);
        return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public Summary summary(String name, String unit, String... tags) {
        DistributionSummary summary = DistributionSummary.builder(name)
                .description(MeterDescriptions.of(name))
                .baseUnit(unit)
                .tags(tags)
                .register(registry);
        made.put(new Key(name, List.of(tags)), summary);
        return summary::record;
    }

    @Override
    public void gauge(String name, LongSupplier value, String... tags) {
        // A registry keeps the first of one name, which may read something that is closed.
        remove(name, tags);
        made.put(
                new Key(name, List.of(tags)),
                Gauge.builder(name, value, LongSupplier::getAsLong)
                        .description(MeterDescriptions.of(name))
                        .baseUnit(unit(name))
                        .tags(tags)
                        .strongReference(true)
                        .register(registry));
    }

    @Override
    public void remove(String name, String... tags) {
        Meter meter = made.remove(new Key(name, List.of(tags)));
        if (meter != null) {
            registry.remove(meter);
        }
    }

    private static @Nullable String unit(String name) {
        return name.endsWith("." + BYTES) ? BYTES : null;
    }
}
