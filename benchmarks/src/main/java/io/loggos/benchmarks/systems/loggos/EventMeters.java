package io.loggos.benchmarks.systems.loggos;

import io.loggos.api.spi.Meters;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Meters that count the events of replicas, elections above all. All logs and nodes that share them count together. */
public final class EventMeters implements Meters {
    private static final String EVENTS = "loggos.events";
    private static final String EVENT_TAG = "event";

    private final Map<String, LongAdder> events = new ConcurrentHashMap<>();

    /** Returns the number of candidacies. */
    public long candidacies() {
        return count("stands");
    }

    private long count(String event) {
        LongAdder counted = events.get(event);
        return counted == null ? 0 : counted.sum();
    }

    @Override
    public Counter counter(String name, String... tags) {
        if (!name.equals(EVENTS)) {
            return amount -> {};
        }
        for (int i = 0; i + 1 < tags.length; i += 2) {
            if (tags[i].equals(EVENT_TAG)) {
                return events.computeIfAbsent(tags[i + 1], unused -> new LongAdder())::add;
            }
        }
        return amount -> {};
    }

    @Override
    public Timer timer(String name, String... tags) {
        return nanos -> {};
    }

    @Override
    public Summary summary(String name, String unit, String... tags) {
        return amount -> {};
    }

    @Override
    public void gauge(String name, LongSupplier value, String... tags) {}
}
