package io.loggos.storage.kv.maintenance;

import io.loggos.api.UnavailableException;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.kv.maintenance.StoredChange;
import io.loggos.storage.kv.rows.RowsSnapshot.SnapshotEndedException;
import io.loggos.storage.kv.versions.VersionsSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/** The contents of a store, read from a snapshot of its rows. */
final class SnapshotContents implements StoreContents {
    private final VersionsSnapshot snapshot;
    private final SortedMap<Long, Duration> leases;
    private final List<Alarm> alarms;

    SnapshotContents(VersionsSnapshot snapshot, SortedMap<Long, Duration> leases, List<Alarm> alarms) {
        this.snapshot = snapshot;
        this.leases = leases;
        this.alarms = alarms;
    }

    @Override
    public long revision() {
        return snapshot.revision();
    }

    @Override
    public long compactedRevision() {
        return snapshot.compacted();
    }

    @Override
    public SortedMap<Long, Duration> leases() {
        return leases;
    }

    @Override
    public List<Alarm> alarms() {
        return alarms;
    }

    @Override
    public void forEach(Consumer<StoredChange> receiver) {
        try {
            VersionHash.forEach(snapshot, snapshot.revision(), change -> receiver.accept(change.stored()));
        } catch (SnapshotEndedException e) {
            throw new UnavailableException("the state was closed or replaced while its contents were read");
        }
    }

    @Override
    public void close() {
        snapshot.close();
    }
}
