package io.loggos.paxos.core.repair;

import io.loggos.api.spi.LogEntry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest chosen entries, of consecutive slots, within a limit of bytes. The last entry is always kept.
 *
 * <p>Entries that the state machine was given are kept for peers that are a little behind, but only as many as answer
 * one of them. A peer that is further behind is answered from the log. The garbage collector copies the kept entries,
 * so there should be few.
 */
public final class RecentEntries {
    /** Greatest size of the kept entries that the state machine was given, in bytes. */
    static final int GIVEN_BYTES = 1 << 20;

    private static final int LEAST_ROOM = 64;

    private @Nullable LogEntry[] ring = new LogEntry[LEAST_ROOM];
    /** The first slot that is here. */
    private long first;

    private long next;
    private long bytes;
    /** The last slot given to the state machine. {@link #givenBytes} is the size of the given entries that are here. */
    private long givenThrough;

    private long givenBytes;
    private long limitBytes;

    public RecentEntries(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Returns the entry of a slot, or null if it is not here. */
    public @Nullable LogEntry get(long slot) {
        return slot < first || slot >= next ? null : ring[at(slot)];
    }

    /** Returns the entries from a slot on, as many as answer a peer. */
    public List<LogEntry> from(long slot) {
        List<LogEntry> entries = new ArrayList<>();
        long sum = 0;
        for (LogEntry entry = get(slot); entry != null && sum < GIVEN_BYTES; entry = get(entry.slot() + 1)) {
            entries.add(entry);
            sum += entry.value().size();
        }
        return entries;
    }

    /** Adds the entry of the next slot. Starts over if slots in between are missing. */
    public void add(LogEntry entry) {
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

    /** Reports that the state machine was given all slots up to this one. The entries stay until more are added. */
    public void given(long through) {
        for (long slot = Math.max(first, givenThrough + 1); slot <= Math.min(through, next - 1); slot++) {
            givenBytes += sizeOf(ring[at(slot)]);
        }
        givenThrough = Math.max(givenThrough, through);
    }

    /** Sets the limit in bytes. */
    public void limit(long newLimitBytes) {
        limitBytes = newLimitBytes;
        trim();
    }

    /** Removes all entries. */
    public void clear() {
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
