package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.StorageException;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.api.kv.maintenance.StoredChange;
import io.loggos.api.replica.CheckpointWriter;
import io.loggos.storage.kv.digest.ChangeDigest;
import io.loggos.storage.kv.rows.OrderedStore;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.kv.rows.StoreBatch;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All versions of all keys, in the tables of an {@link OrderedStore} that the package description explains. Changes are
 * buffered in memory up to a bound. {@link #flush} writes them as one batch, together with the slot that they belong to.
 * Current versions are found in memory. Not thread-safe.
 */
public final class VersionedStore implements Versions {
    // A larger batch needs less time per row, but its write delays the next command: by some 5 ms at this size.
    private static final int MAX_PENDING_ROWS = 2048;
    private static final long MAX_PENDING_BYTES = 256 << 10;
    private static final int LEAST_CLEANED_EVENTS = 1024;
    private static final int PURGED_EVENTS = 8192;
    static final Bytes STATE_KEY = Bytes.utf8("state");

    private record HistoryRow(Bytes key, Bytes row) {}

    private final OrderedStore store;
    private final VersionRows rows;
    private final CurrentVersions current = new CurrentVersions();
    /** Rows for HISTORY since the last flush. Only scans read them, and a scan flushes first. */
    private final List<HistoryRow> superseded = new ArrayList<>();
    /** Rows for EVENTS since the last flush. During a flush it holds all rows to be written. */
    private final StoreBatch pending = new StoreBatch();

    private final ChangeDigest changes = new ChangeDigest();

    private ChangeListener listener = ChangeListener.NONE;

    private long pendingBytes;
    private boolean dirty;

    private long slot;
    private volatile long revision;
    private volatile long compacted = StateRow.NEVER_COMPACTED;
    /** No current version has a revision above this. It is ahead of {@link #revision} only within a transaction. */
    private long newest;
    /** The events before this position are cleaned. */
    private Bytes cleaned = RowKeys.event(0, 0);

    public VersionedStore(OrderedStore store) {
        this.store = store;
        this.rows = new VersionRows(store);
        load();
    }

    /** Sets who receives the changes from now on. */
    public void tell(ChangeListener receiver) {
        listener = receiver;
    }

    public long slot() {
        return slot;
    }

    public void slot(long standsAt) {
        slot = standsAt;
        dirty = true;
    }

    /** Any thread. */
    @Override
    public long revision() {
        return revision;
    }

    /** Ends an operation: the changes since the last call belong to this revision. */
    public void revision(long reached) {
        revision = reached;
        newest = reached;
        listener.reached(reached);
    }

    /** Any thread. */
    @Override
    public long compacted() {
        return compacted;
    }

    /** Any thread. Changes that wait for the next flush are not counted. */
    public long sizeBytes() {
        return store.sizeBytes();
    }

    /** The size without rows that were deleted. Any thread. */
    public long sizeInUseBytes() {
        return store.sizeInUseBytes();
    }

    /** Gives free space back to the file system. Any thread but that of the store. */
    public void defragment() {
        store.defragment();
    }

    @Override
    public @Nullable KeyRecord current(Bytes key) {
        return current.get(key);
    }

    @Override
    public @Nullable KeyRecord at(Bytes key, long asOf) {
        KeyRecord now = current.get(key);
        if (asOf >= newest || (now != null && now.modRevision <= asOf)) {
            return now;
        }
        flushRows();
        return rows.superseded(key, asOf);
    }

    @Override
    public KeyRecord whole(Bytes key, KeyRecord record) {
        if (record.isWhole()) {
            return record;
        }
        KeyRecord known = current.recent(key, record);
        if (known != null) {
            return known;
        }
        KeyRecord whole = rows.whole(key, record);
        current.read(key, whole);
        return whole;
    }

    /** Puts a version of a key. */
    public void put(Bytes key, Bytes value, long lease, long atRevision, int sub) {
        KeyRecord previous = current(key);
        change(EventRow.put(key, previous, atRevision, sub, lease, value), previous, atRevision, sub);
    }

    /** Deletes a key that exists. */
    public void delete(Bytes key, KeyRecord standing, long atRevision, int sub) {
        change(EventRow.delete(key, standing), standing, atRevision, sub);
    }

    /** Adds a change of another store, with its numbers. Positions rise. */
    public void load(StoredChange change) {
        KeyRecord previous = current(change.key());
        if (!change.deleted()) {
            change(EventRow.of(change, previous), previous, change.revision(), change.place());
        } else if (previous != null) {
            change(EventRow.delete(change.key(), previous), previous, change.revision(), change.place());
        }
    }

    private void change(EventRow event, @Nullable KeyRecord previous, long atRevision, int sub) {
        if (previous != null) {
            superseded.add(new HistoryRow(RowKeys.history(event.key, atRevision, sub), previous.header()));
            pendingBytes += event.key.size() + KeyRecord.HEADER_BYTES;
        }
        pending.put(Table.EVENTS, RowKeys.event(atRevision, sub), event.row);
        LeaseRows.move(pending, event, previous);
        current.change(event.key, event.record);
        changes.changed(atRevision, sub, event.row);
        pendingBytes += event.key.size() + KeyRecord.HEADER_BYTES;
        newest = atRevision;
        dirty = true;
        if (listener.begins(sub)) {
            KeyRecord read = previous != null && listener.wantsPrevious() ? whole(event.key, previous) : null;
            listener.changed(new Change(atRevision, sub, event, read));
        }
        if (pendingRows() >= MAX_PENDING_ROWS || pendingBytes + pending.sizeBytes() >= MAX_PENDING_BYTES) {
            flush();
        }
    }

    @Override
    public void visit(KeyRange keys, long asOf, Versions.Visitor visitor) {
        if (asOf < newest) {
            flushRows();
            rows.visit(keys, asOf, newest, visitor);
            return;
        }
        current.visit(keys, visitor);
    }

    @Override
    public long countCurrent(KeyRange keys) {
        return current.count(keys);
    }

    @Override
    public void visitLeased(long lease, Bytes from, Predicate<Bytes> visitor) {
        flushRows();
        LeaseRows.visit(store, lease, from, visitor);
    }

    @Override
    public boolean isNow(long asOf) {
        return asOf >= newest;
    }

    /**
     * Captures all versions for a reader on another thread. Between two operations.
     *
     * @param counted the ranges whose keys the reader will ask the number of, which are counted now
     */
    public VersionsSnapshot snapshot(List<KeyRange> counted) {
        flushRows();
        Map<KeyRange, Long> counts = new HashMap<>();
        counted.forEach(range -> counts.put(range, current.count(range)));
        return new VersionsSnapshot(store.snapshot(), revision, compacted, counts);
    }

    /**
     * Hides everything that was superseded at or before a revision. Readers see that at once; rows are deleted step by
     * step.
     */
    public void compactTo(long toRevision) {
        compacted = toRevision;
        changes.compacted(toRevision);
        dirty = true;
        flush();
    }

    /** Writes buffered rows, so that a scan sees them. */
    private void flushRows() {
        if (pendingRows() > 0) {
            flush();
        }
    }

    /** Returns the rows of leases in this store. */
    public LeaseRows leaseRows() {
        return new LeaseRows(this, store);
    }

    /** Returns a row of META that a part of the state machine has staged, or null. It must be written. */
    public @Nullable Bytes meta(Bytes key) {
        return store.get(Table.META, key);
    }

    /** Sets a row of META with the next batch. Its key is before "state". */
    public void meta(Bytes key, Bytes row) {
        stage(Table.META, key, row);
    }

    /** Adds a row to the next batch, or with null deletes it. */
    void stage(Table table, Bytes key, @Nullable Bytes row) {
        if (row == null) {
            pending.delete(table, key);
        } else {
            pending.put(table, key, row);
        }
        dirty = true;
    }

    /** Adds a change that has no event to the digest of all changes. */
    public void note(long one, long other) {
        changes.noted(one, other);
    }

    /** Writes the buffered changes as one batch, and continues to delete the rows of compacted versions. */
    public void flush() {
        if (!dirty) {
            return;
        }
        int flushed = pendingRows();
        current.write(pending);
        superseded.sort(Comparator.comparing(HistoryRow::key));
        superseded.forEach(each -> pending.put(Table.HISTORY, each.key(), each.row()));
        write();
        dropPending();
        if (RowKeys.revision(cleaned) < compacted) {
            clean(Math.max(LEAST_CLEANED_EVENTS, 2 * flushed));
        }
    }

    private void write() {
        pending.put(Table.META, STATE_KEY, state().toBytes());
        store.apply(pending);
        pending.clear();
    }

    private void dropPending() {
        pending.clear();
        superseded.clear();
        current.written();
        pendingBytes = 0;
        dirty = false;
    }

    private int pendingRows() {
        return current.changes() + superseded.size() + pending.size();
    }

    /** Deletes some rows of compacted versions. Returns true if there may be more. */
    public boolean purge() {
        flush();
        if (RowKeys.revision(cleaned) < compacted) {
            clean(PURGED_EVENTS);
        }
        return RowKeys.revision(cleaned) < compacted;
    }

    private void clean(int most) {
        cleaned = EventRow.clean(store, cleaned, compacted, most, pending);
        write();
    }

    public CheckpointWriter checkpoint() {
        dirty = true;
        flush();
        return store.checkpoint();
    }

    public void restore(Path directory) throws IOException {
        store.restore(directory); // If it throws, the state is as before.
        dropPending();
        if (store.get(Table.META, STATE_KEY) == null) {
            throw new StorageException(StorageException.Kind.CORRUPT, "no key-value state in " + directory);
        }
        load();
    }

    /**
     * Returns a digest of all rows that a reader can still see. It does not depend on the progress of cleaning.
     */
    public Bytes digest() {
        flush();
        return StateDigest.of(this, store);
    }

    /** Returns a digest of all changes so far. It reads nothing. */
    public long changeDigest() {
        return changes.value();
    }

    public void close() {
        store.close();
    }

    private StateRow state() {
        return new StateRow(slot, revision, compacted, changes.value(), cleaned);
    }

    private void load() {
        StateRow state = StateRow.read(store.get(Table.META, STATE_KEY));
        current.load(store);
        slot = state.slot();
        revision(state.revision());
        compacted = state.compacted();
        changes.restore(state.changes());
        cleaned = state.cleaned();
    }
}
