package io.loggos.api.spi;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Meters of one owner, such as a node, a log or a group. All have the owner's tags, and end with the owner. After that
 * the scope measures nothing. Any thread.
 */
public final class MeterScope implements Meters, AutoCloseable {
    private final Meters meters;
    private final List<String> tags;
    private final Set<Key> made = new LinkedHashSet<>();
    private boolean closed;

    private record Key(String name, List<String> tags) {}

    private MeterScope(Meters meters, List<String> tags) {
        this.meters = meters;
        this.tags = tags;
    }

    /**
     * Returns the scope of an owner.
     *
     * @param meters receives the measurements
     * @param tags those of the owner; key and value alternate
     */
    public static MeterScope of(Meters meters, String... tags) {
        return new MeterScope(meters, List.of(tags));
    }

    @Override
    public synchronized Counter counter(String name, String... more) {
        return receiver(name, more).counter(name, all(more));
    }

    @Override
    public synchronized Timer timer(String name, String... more) {
        return receiver(name, more).timer(name, all(more));
    }

    @Override
    public synchronized Summary summary(String name, String unit, String... more) {
        return receiver(name, more).summary(name, unit, all(more));
    }

    @Override
    public synchronized void gauge(String name, LongSupplier value, String... more) {
        receiver(name, more).gauge(name, value, all(more));
    }

    @Override
    public synchronized void remove(String name, String... more) {
        if (made.remove(new Key(name, List.of(all(more))))) {
            meters.remove(name, all(more));
        }
    }

    /** Ends all meters of the owner. */
    @Override
    public synchronized void close() {
        closed = true;
        made.forEach(key -> meters.remove(key.name(), key.tags().toArray(String[]::new)));
        made.clear();
    }

    private Meters receiver(String name, String... more) {
        if (closed) {
            return Meters.NONE;
        }
        made.add(new Key(name, List.of(all(more))));
        return meters;
    }

    private String[] all(String... more) {
        return Stream.concat(tags.stream(), Stream.of(more)).toArray(String[]::new);
    }
}
