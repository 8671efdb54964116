package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.kv.KeyValue;
import io.loggos.api.kv.WatchEvent;
import io.loggos.api.kv.maintenance.StoredChange;
import org.jspecify.annotations.Nullable;

/** One change of a key: a row of EVENTS, with its place. One thread at a time may use it. */
public final class Change {
    /** Generous bound for the objects of a change. */
    private static final int OVERHEAD_BYTES = 160;

    private final long revision;
    private final int place;
    private final EventRow row;
    /** The superseded version with its value; null if there was none, or if it was not read. */
    private final @Nullable KeyRecord previous;

    private @Nullable WatchEvent event;
    private @Nullable WatchEvent eventWithPrevious;

    Change(long revision, int place, EventRow row, @Nullable KeyRecord previous) {
        this.revision = revision;
        this.place = place;
        this.row = row;
        this.previous = previous;
    }

    /** Returns the revision of the change. */
    public long revision() {
        return revision;
    }

    /** Returns the key. */
    public Bytes key() {
        return row.key;
    }

    /** True if the key was deleted; false if it was put. */
    public boolean isDelete() {
        return row.record.isAbsent();
    }

    /** True if the version before the change can be told: it was read, or there was none. */
    public boolean knowsPrevious() {
        return previous != null || row.previous == null;
    }

    /** Tells if this change put a version of its key. */
    public boolean put(KeyRecord version) {
        return version.modRevision == revision && version.sub == place;
    }

    /** Returns the change with all its parts. */
    public StoredChange stored() {
        KeyRecord put = row.record;
        return isDelete()
                ? new StoredChange(revision, place, row.key, true, Bytes.EMPTY, 0, 0, 0)
                : new StoredChange(
                        revision, place, row.key, false, put.value(), put.createRevision, put.version, put.lease);
    }

    /** Returns the number of bytes that the change holds in memory. */
    public int sizeBytes() {
        return OVERHEAD_BYTES
                + row.row.size()
                + (previous == null ? 0 : previous.row().size());
    }

    /** Returns the event without the version before. */
    public WatchEvent event() {
        if (event == null) {
            event = event(null);
        }
        return event;
    }

    /** Returns the event with the version before, which must be known. */
    public WatchEvent eventWithPrevious() {
        if (!knowsPrevious()) {
            throw new IllegalStateException("the version before revision " + revision + " was not read");
        }
        if (previous == null) {
            return event();
        }
        if (eventWithPrevious == null) {
            eventWithPrevious = event(previous.toKeyValue(row.key));
        }
        return eventWithPrevious;
    }

    private WatchEvent event(@Nullable KeyValue before) {
        return isDelete()
                ? new WatchEvent(WatchEvent.Kind.DELETE, new KeyValue(row.key, 0, revision, 0, 0, Bytes.EMPTY), before)
                : new WatchEvent(WatchEvent.Kind.PUT, row.record.toKeyValue(row.key), before);
    }
}
