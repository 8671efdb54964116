package io.loggos.benchmarks.commands.multicast;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.commands.multicast.MulticastSetting.Measure;
import io.loggos.benchmarks.systems.loggos.LoggosGroupSystem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoggosGroupSystemTest {
    @Test
    void oneAtATimeReachesAll(@TempDir Path directory) throws Exception {
        Multicasts.check(new LoggosGroupSystem(), Measure.LATENCY, Ordering.TOTAL, 3, directory);
    }

    @ParameterizedTest
    @EnumSource(Ordering.class)
    void everyOrderIsKept(Ordering ordering, @TempDir Path directory) throws Exception {
        Multicasts.check(new LoggosGroupSystem(), Measure.THROUGHPUT, ordering, 3, directory);
    }
}
