package io.loggos.paxos.core;

import io.loggos.api.spi.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * The newest chosen entries, of consecutive slots, as many as there are bytes for and at least the last. What the state
 * machine has been given stays for peers that are a little behind, no more than would answer one of them: who is further
 * behind is answered from the log. What stays is copied by the collector, so it should be little.
 */
final class RecentEntries {
    /** How many bytes of what the state machine has been given stay, at the most. */
    static final int GIVEN_BYTES = 1 << 20;

    private static final int LEAST_ROOM = 64;

    private @Nullable LogEntry[] ring = new LogEntry[LEAST_ROOM];
    /** The slots from this one on, and before that one. */
    private long first;

    private long next;
    private long bytes;
    /** The state machine has been given all up to here; in {@link #givenBytes} are those that are here. */
    private long givenThrough;

    private long givenBytes;
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

    /** The state machine has been given all slots up to one. What is here stays until more is added. */
    void given(long through) {
        for (long slot = Math.max(first, givenThrough + 1); slot <= Math.min(through, next - 1); slot++) {
            givenBytes += sizeOf(ring[at(slot)]);
        }
        givenThrough = Math.max(givenThrough, through);
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
        givenBytes = 0;
    }

    private void trim() {
        while ((bytes > limitBytes || givenBytes > GIVEN_BYTES) && next - first > 1) {
            int size = sizeOf(ring[at(first)]);
            bytes -= size;
            givenBytes -= first <= givenThrough ? size : 0;
            ring[at(first)] = null;
            first++;
        }
    }

    private static int sizeOf(@Nullable LogEntry entry) {
        return entry == null ? 0 : entry.value().size();
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
