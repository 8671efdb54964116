package io.loggos.benchmarks.commands.multicast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.group.Ordering;
import io.loggos.benchmarks.commands.multicast.MulticastSetting.Measure;
import io.loggos.benchmarks.systems.multicast.MulticastSystem;
import java.nio.file.Path;
import java.time.Duration;

/** Small run, for the test of any system. */
final class Multicasts {
    private static final int MEMBERS = 3;
    private static final int PAYLOAD_BYTES = 64;
    private static final Duration WARM_UP = Duration.ofMillis(50);
    private static final Duration MEASURED = Duration.ofMillis(300);

    private Multicasts() {}

    /** Checks that all members are delivered everything, in the order asked for. */
    static void check(MulticastSystem system, Measure measure, Ordering ordering, int senders, Path directory)
            throws Exception {
        MulticastSetting setting =
                new MulticastSetting(system.name(), measure, ordering, MEMBERS, senders, PAYLOAD_BYTES);
        MulticastReport report = MulticastMain.measure(setting, directory, WARM_UP, MEASURED);
        assertEquals("", report.fault(), report::toString);
        assertTrue(report.sound(), report::toString);
        assertNotNull(report.agree());
    }
}
