package io.loggos.benchmarks.commands.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PutStretchesTest {
    private static final SnapshotSettings SETTINGS = new SnapshotSettings(0, Duration.ofMillis(200), 16, 256, 0, 1, 1);

    @TempDir
    private Path directory;

    @Test
    void putsGoOnWhileSnapshotsAreTaken() {
        try (KeyValueCluster cluster = new KeyValueCluster(directory);
                PeriodicSnapshots snapshots = new PeriodicSnapshots(cluster.snapshots(), SETTINGS.every())) {
            PutStretches without = new PutStretches(cluster, SETTINGS, null);
            PutStretches with = new PutStretches(cluster, SETTINGS, snapshots);
            without.run(SETTINGS.stretchSeconds());
            with.run(SETTINGS.stretchSeconds());
            assertNull(without.measurement().firstError());
            assertNull(with.measurement().firstError());
            assertEquals(SnapshotTimes.NONE, without.times());
            assertTrue(with.times().taken() > 0);
            assertEquals(0, with.times().failed());
            assertTrue(cluster.stateBytes() > 0);
            long puts = without.succeeded() + with.succeeded();
            assertTrue(cluster.agree(puts, true));
            assertFalse(cluster.agree(puts - 1, true));
            assertTrue(cluster.agree(puts - 1, false));
            assertFalse(cluster.agree(puts + 1, false));
        }
    }
}
