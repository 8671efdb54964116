package io.loggos.paxos.sim.predicate;

import io.loggos.paxos.Gauges;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** MP22: what one life of a node may hold in memory, whatever its peers, its callers, its disk and its state machines do. */
public final class Bounds {
    private record Bound(String name, LongSupplier value, long most) {}

    private final List<Bound> bounds = new ArrayList<>();

    /** Adds the greatest value of a gauge. The gauge must be there. */
    public void add(Gauges gauges, long most, String name, String... tags) {
        bounds.add(new Bound(name, gauges.of(name, tags), most));
    }

    /** Returns the first gauge that is above its bound, with its value. An empty text if none is. */
    public String broken() {
        for (Bound bound : bounds) {
            long value = bound.value.getAsLong();
            if (value > bound.most) {
                return bound.name + " is " + value + ", the bound is " + bound.most;
            }
        }
        return "";
    }
}
