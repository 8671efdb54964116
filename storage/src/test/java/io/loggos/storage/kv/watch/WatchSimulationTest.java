package io.loggos.storage.kv.watch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many watches over random commands, compactions and checkpoints. {@code -Dwatch.seed=N} runs one seed. */
class WatchSimulationTest {
    @TempDir
    Path directory;

    @Test
    void guaranteesHold() {
        Long one = Long.getLong("watch.seed");
        if (one != null) {
            new WatchSimulation(one, directory).run();
            return;
        }
        int batches = 0;
        int compacted = 0;
        int reports = 0;
        long fresh = new SecureRandom().nextLong() & 0x7FFF_FFFFL;
        for (int i = 0; i < Integer.getInteger("watch.seeds", 60); i++) {
            long seed = i % 2 == 0 ? i : fresh + i;
            WatchSimulation run = new WatchSimulation(seed, directory);
            try {
                run.run();
            } catch (RuntimeException e) {
                throw new AssertionError("-Dwatch.seed=" + seed + ": " + e.getMessage(), e);
            }
            batches += run.batches;
            compacted += run.compacted;
            reports += run.reports;
        }
        System.out.println(batches + " batches, " + reports + " reports, " + compacted + " ends by compaction");
        assertTrue(batches > 1000 && compacted > 10 && reports > 100, "too little happened");
    }
}
