package io.loggos.multicast.runtime;

import io.loggos.api.spi.MeterScope;
import io.loggos.api.spi.Meters;
import io.loggos.multicast.group.core.model.GroupEvent;
import java.util.EnumMap;
import java.util.function.LongSupplier;

/** Meters of one group on one node. They end with the group. */
final class GroupMeters {
    private final MeterScope meters;
    private final Meters.Counter views;
    private final Meters.Counter sent;
    private final Meters.Counter delivered;
    private final Meters.Counter evictions;
    private final Meters.Counter overloads;
    private final Meters.Timer flush;
    /** Counters by event; used by the loop. */
    private final EnumMap<GroupEvent, Meters.Counter> events = new EnumMap<>(GroupEvent.class);

    GroupMeters(Meters nodeMeters, String name, LongSupplier members, LongSupplier waitingBytes) {
        meters = MeterScope.of(nodeMeters, "group", name);
        views = meters.counter("loggos.group.views");
        sent = meters.counter("loggos.group.sent");
        delivered = meters.counter("loggos.group.delivered");
        evictions = meters.counter("loggos.group.evictions");
        overloads = meters.counter("loggos.group.overloads");
        flush = meters.timer("loggos.group.flush");
        meters.gauge("loggos.group.members", members);
        meters.gauge("loggos.group.waiting.bytes", waitingBytes);
    }

    Meters.Counter views() {
        return views;
    }

    Meters.Counter sent() {
        return sent;
    }

    Meters.Counter delivered() {
        return delivered;
    }

    Meters.Counter evictions() {
        return evictions;
    }

    Meters.Counter overloads() {
        return overloads;
    }

    /** Time from when a member stopped sending until the next view. */
    Meters.Timer flush() {
        return flush;
    }

    /** Counts an event of the protocol. */
    void event(GroupEvent event) {
        events.computeIfAbsent(event, key -> meters.counter("loggos.group.events", "event", key.toString()))
                .add(1);
    }

    void close() {
        meters.close();
    }
}
