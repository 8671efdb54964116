package io.loggos.paxos.core;

import io.loggos.api.spi.LogEntry;
import org.jspecify.annotations.Nullable;

/** The newest chosen entries, of consecutive slots, as many as there are bytes for and at least the last. */
final class RecentEntries {
    private static final int LEAST_ROOM = 64;

    private @Nullable LogEntry[] ring = new LogEntry[LEAST_ROOM];
    /** The slots from this one on, and before that one. */
    private long first;

    private long next;
    private long bytes;
    private long limitBytes;

    RecentEntries(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** The entry of a slot, if it is here. */
    @Nullable
    LogEntry get(long slot) {
        return slot < first || slot >= next ? null : ring[at(slot)];
    }

    /** Adds the entry of the next slot, or begins anew if others are missing in between. */
    void add(LogEntry entry) {
        if (entry.slot() != next) {
            clear();
            first = entry.slot();
            next = first;
        }
        if (next - first == ring.length) {
            resize(2 * ring.length);
        }
        ring[at(next)] = entry;
        next++;
        bytes += entry.value().size();
        trim();
    }

    /** Keeps no more than this. */
    void limit(long newLimitBytes) {
        limitBytes = newLimitBytes;
        trim();
    }

    /** Forgets all. */
    void clear() {
        ring = new LogEntry[LEAST_ROOM];
        first = next;
        bytes = 0;
    }

    private void trim() {
        while (bytes > limitBytes && next - first > 1) {
            LogEntry oldest = ring[at(first)];
            bytes -= oldest == null ? 0 : oldest.value().size();
            ring[at(first)] = null;
            first++;
        }
    }

    private void resize(int room) {
        @Nullable LogEntry[] larger = new LogEntry[room];
        for (long slot = first; slot < next; slot++) {
            larger[(int) slot & (room - 1)] = ring[at(slot)];
        }
        ring = larger;
    }

    private int at(long slot) {
        return (int) slot & (ring.length - 1);
    }
}
