package io.loggos.paxos;

import io.loggos.api.spi.Meters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Reads the gauges of a node, without the tag that names it. Ignores its counters, timers and summaries. */
public final class Gauges implements Meters {
    private final Map<List<String>, LongSupplier> gauges = new ConcurrentHashMap<>();

    /** Returns the value of an existing gauge. */
    public long value(String name, String... tags) {
        return of(name, tags).getAsLong();
    }

    /** Returns a reader of a gauge, which must exist when it is read. */
    public LongSupplier of(String name, String... tags) {
        List<String> key = key(name, tags);
        return () -> {
            LongSupplier gauge = gauges.get(key);
            if (gauge == null) {
                throw new AssertionError("no gauge " + key + ", but " + gauges.keySet());
            }
            return gauge.getAsLong();
        };
    }

    private static List<String> key(String name, String... tags) {
        return List.of(name, String.join("=", tags));
    }

    private static String[] withoutNode(String... tags) {
        boolean ofNode = tags.length > 0 && tags[0].equals("node");
        return ofNode ? Arrays.copyOfRange(tags, 2, tags.length) : tags;
    }

    @Override
    public Counter counter(String name, String... tags) {
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
    public void gauge(String name, LongSupplier value, String... tags) {
        gauges.put(key(name, withoutNode(tags)), value);
    }
}
