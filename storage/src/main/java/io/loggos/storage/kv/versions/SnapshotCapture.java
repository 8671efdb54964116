package io.loggos.storage.kv.versions;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One snapshot for a query that may fail, by its timeout, before or after the snapshot is taken. */
public final class SnapshotCapture implements Supplier<VersionsSnapshot> {
    private final Supplier<VersionsSnapshot> source;
    private @Nullable VersionsSnapshot taken;
    private boolean abandoned;

    public SnapshotCapture(Supplier<VersionsSnapshot> source) {
        this.source = source;
    }

    @Override
    public synchronized VersionsSnapshot get() {
        VersionsSnapshot snapshot = source.get();
        taken = snapshot;
        if (abandoned) {
            snapshot.close();
        }
        return snapshot;
    }

    /** Closes the snapshot, now or when it is taken. */
    public synchronized void abandon() {
        abandoned = true;
        if (taken != null) {
            taken.close();
        }
    }
}
