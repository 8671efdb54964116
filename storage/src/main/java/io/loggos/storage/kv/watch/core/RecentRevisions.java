package io.loggos.storage.kv.watch.core;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The last revisions, without gaps, up to a number of bytes. */
final class RecentRevisions {
    private static final int FIRST_CAPACITY = 64;

    private final long mostBytes;
    private @Nullable Revision[] ring = new @Nullable Revision[FIRST_CAPACITY];
    private int head;
    private int size;
    private long bytes;

    RecentRevisions(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Adds the revision after the newest, and forgets the oldest ones beyond the bound. */
    void add(Revision revision) {
        while (size > 0 && bytes + revision.bytes() > mostBytes) {
            bytes -= at(0).bytes();
            ring[head] = null;
            head = (head + 1) % ring.length;
            size--;
        }
        if (size == ring.length) {
            grow();
        }
        ring[(head + size) % ring.length] = revision;
        size++;
        bytes += revision.bytes();
    }

    private void grow() {
        @Nullable Revision[] larger = new @Nullable Revision[ring.length * 2];
        for (int i = 0; i < size; i++) {
            larger[i] = at(i);
        }
        ring = larger;
        head = 0;
    }

    /** Returns the oldest revision that is here, or {@link Long#MAX_VALUE}. */
    long first() {
        return size == 0 ? Long.MAX_VALUE : at(0).number();
    }

    /** Returns a revision that is here. */
    Revision get(long number) {
        return at((int) (number - first()));
    }

    void clear() {
        ring = new @Nullable Revision[FIRST_CAPACITY];
        head = 0;
        size = 0;
        bytes = 0;
    }

    private Revision at(int place) {
        return Objects.requireNonNull(ring[(head + place) % ring.length]);
    }
}
