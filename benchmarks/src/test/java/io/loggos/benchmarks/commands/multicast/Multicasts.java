package io.loggos.benchmarks.commands.multicast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.commands.multicast.MulticastSetting.Measure;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** Small run, for the test of any system. */
final class Multicasts {
    private static final int MEMBERS = 3;
    private static final int PAYLOAD_BYTES = 64;
    private static final Duration WARM_UP = Duration.ofMillis(50);
    private static final Duration MEASURED = Duration.ofMillis(300);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private Multicasts() {}

    /** Checks that all members are delivered everything, in the order asked for. */
    static void check(MulticastSystem system, Measure measure, Ordering ordering, int senders, Path directory)
            throws Exception {
        MulticastSetting setting =
                new MulticastSetting(system.name(), measure, ordering, MEMBERS, senders, PAYLOAD_BYTES);
        Duration measured = MEASURED;
        MulticastReport report = MulticastMain.measure(setting, directory, WARM_UP, measured);
        while (report.figures().opsPerSecond() == 0 && measured.compareTo(LONGEST) < 0) {
            // A busy machine has delivered nothing yet.
            measured = measured.multipliedBy(4);
            report = MulticastMain.measure(setting, Files.createTempDirectory(directory, "again"), WARM_UP, measured);
        }
        assertEquals("", report.fault(), report::toString);
        assertTrue(report.sound(), report::toString);
        assertNotNull(report.agree());
    }
}
