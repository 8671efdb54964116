package io.loggos.benchmarks.commands.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.commands.multicast.MulticastSetting.Measure;
import io.loggos.benchmarks.systems.jgroups.JGroupsSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JGroupsSystemTest {
    @Test
    void nakack2KeepsTheOrderOfEachSender(@TempDir Path directory) throws Exception {
        Multicasts.check(JGroupsSystem.DEFAULTS, Measure.THROUGHPUT, Ordering.FIFO, 3, directory);
    }

    @Test
    void nakack4KeepsTheOrderOfEachSender(@TempDir Path directory) throws Exception {
        Multicasts.check(JGroupsSystem.NAKACK4, Measure.LATENCY, Ordering.FIFO, 3, directory);
    }

    @Test
    void aSequencerMakesOneOrder(@TempDir Path directory) throws Exception {
        Multicasts.check(JGroupsSystem.LARGE_QUEUE, Measure.THROUGHPUT, Ordering.TOTAL, 2, directory);
    }
}
