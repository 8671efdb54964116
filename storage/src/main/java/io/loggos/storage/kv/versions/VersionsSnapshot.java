package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import io.loggos.storage.kv.rows.RowsSnapshot;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All versions at one revision of the state, for a reader on another thread. One thread at a time may use it. Reads
 * throw {@link RowsSnapshot.SnapshotEndedException} when the store was closed or restored.
 */
public final class VersionsSnapshot implements Versions, AutoCloseable {
    private final RowsSnapshot snapshot;
    private final VersionRows rows;
    private final long revision;
    private final long compacted;
    private final Map<KeyRange, Long> counts;

    /** @param counts the numbers of keys in ranges that were counted when the snapshot was taken */
    VersionsSnapshot(RowsSnapshot snapshot, long revision, long compacted, Map<KeyRange, Long> counts) {
        this.snapshot = snapshot;
        this.rows = new VersionRows(snapshot);
        this.revision = revision;
        this.compacted = compacted;
        this.counts = counts;
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public long compacted() {
        return compacted;
    }

    @Override
    public @Nullable KeyRecord current(Bytes key) {
        return rows.current(key);
    }

    @Override
    public @Nullable KeyRecord at(Bytes key, long asOf) {
        KeyRecord current = current(key);
        if (isNow(asOf) || (current != null && current.modRevision <= asOf)) {
            return current;
        }
        return rows.superseded(key, asOf);
    }

    @Override
    public KeyRecord whole(Bytes key, KeyRecord record) {
        return record.isWhole() ? record : rows.whole(key, record);
    }

    @Override
    public void visit(KeyRange keys, long asOf, Versions.Visitor visitor) {
        rows.visit(keys, asOf, revision, visitor);
    }

    @Override
    public long countCurrent(KeyRange keys) {
        Long known = counts.get(keys);
        return known == null ? rows.countCurrent(keys) : known;
    }

    @Override
    public boolean isNow(long asOf) {
        return asOf >= revision;
    }

    /** Returns the changes of the past. */
    public ChangeHistory history() {
        return new ChangeHistory(snapshot, revision);
    }

    @Override
    public void visitLeased(long lease, Bytes from, Predicate<Bytes> visitor) {
        LeaseRows.visit(snapshot, lease, from, visitor);
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
