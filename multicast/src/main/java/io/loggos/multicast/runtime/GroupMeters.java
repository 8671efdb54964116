package io.loggos.multicast.runtime;

import io.loggos.api.spi.Meters;
import io.loggos.multicast.group.core.model.GroupEvent;
import java.util.EnumMap;
import java.util.function.LongSupplier;

/** Meters of one group on one node. */
final class GroupMeters {
    private final Meters meters;
    private final String name;
    private final Meters.Counter views;
    private final Meters.Counter sent;
    private final Meters.Counter delivered;
    private final Meters.Counter evictions;
    private final Meters.Counter overloads;
    private final Meters.Timer flush;
    /** Counters by event; used by the loop. */
    private final EnumMap<GroupEvent, Meters.Counter> events = new EnumMap<>(GroupEvent.class);

    GroupMeters(Meters meters, String name, LongSupplier members, LongSupplier waitingBytes) {
        this.meters = meters;
        this.name = name;
        views = meters.counter("loggos.group.views", "group", name);
        sent = meters.counter("loggos.group.sent", "group", name);
        delivered = meters.counter("loggos.group.delivered", "group", name);
        evictions = meters.counter("loggos.group.evictions", "group", name);
        overloads = meters.counter("loggos.group.overloads", "group", name);
        flush = meters.timer("loggos.group.flush", "group", name);
        meters.gauge("loggos.group.members", members, "group", name);
        meters.gauge("loggos.group.waiting.bytes", waitingBytes, "group", name);
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
        events.computeIfAbsent(
                        event, key -> meters.counter("loggos.group.events", "group", name, "event", key.toString()))
                .add(1);
    }
}
