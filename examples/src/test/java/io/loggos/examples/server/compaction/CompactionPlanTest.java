package io.loggos.examples.server.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class CompactionPlanTest {
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void flagsMeanWhatTheyMeanToEtcd() {
        assertEquals(new CompactionPolicy.None(), CompactionPolicy.of("periodic", "0"));
        assertEquals(new CompactionPolicy.Periodic(Duration.ofHours(3)), CompactionPolicy.of("periodic", "3"));
        assertEquals(new CompactionPolicy.Periodic(Duration.ofMinutes(30)), CompactionPolicy.of("periodic", "30m"));
        assertEquals(new CompactionPolicy.Revisions(1000), CompactionPolicy.of("revision", "1000"));
        assertEquals(new CompactionPolicy.None(), CompactionPolicy.of("revision", "0"));
        for (String wrong : new String[] {"-1", "soon", "1.5h", ""}) {
            assertThrows(IllegalArgumentException.class, () -> CompactionPolicy.of("periodic", wrong));
        }
        assertThrows(IllegalArgumentException.class, () -> CompactionPolicy.of("revision", "30m"));
        assertThrows(IllegalArgumentException.class, () -> CompactionPolicy.of("always", "1"));
    }

    @Test
    void theLastRevisionsStay() {
        CompactionPlan plan = new CompactionPlan(new CompactionPolicy.Revisions(100));
        assertEquals(Duration.ofMinutes(5), plan.lookEvery());
        assertEquals(OptionalLong.empty(), plan.look(0, 100));
        assertEquals(OptionalLong.of(50), plan.look(0, 150));
        plan.compacted(50);
        assertEquals(OptionalLong.empty(), plan.look(0, 150));
        assertEquals(OptionalLong.of(51), plan.look(0, 151));
    }

    @Test
    void theRevisionsOfTheLastTimeStay() {
        CompactionPlan plan = new CompactionPlan(new CompactionPolicy.Periodic(Duration.ofMinutes(30)));
        assertEquals(Duration.ofMinutes(3), plan.lookEvery());
        for (int minute = 0; minute < 30; minute += 3) {
            assertEquals(OptionalLong.empty(), plan.look(minute * MINUTE, 100 + minute));
        }
        assertEquals(OptionalLong.of(100), plan.look(30 * MINUTE, 130));
        plan.compacted(100);
        assertEquals(OptionalLong.of(103), plan.look(33 * MINUTE, 133));
        // It could not be compacted, so the next look names the same revision or a later one.
        assertEquals(OptionalLong.of(106), plan.look(36 * MINUTE, 136));
        plan.compacted(106);
        assertEquals(OptionalLong.of(109), plan.look(39 * MINUTE, 139));
    }

    @Test
    void aQuietStoreIsCompactedOnce() {
        CompactionPlan plan = new CompactionPlan(new CompactionPolicy.Periodic(Duration.ofMinutes(10)));
        assertEquals(OptionalLong.empty(), plan.look(0, 7));
        assertEquals(OptionalLong.of(7), plan.look(10 * MINUTE, 7));
        plan.compacted(7);
        assertEquals(OptionalLong.empty(), plan.look(20 * MINUTE, 7));
        assertEquals(OptionalLong.empty(), plan.look(900 * MINUTE, 7));
    }

    @Test
    void longPeriodsAreLookedAtEverySixMinutes() {
        assertEquals(
                Duration.ofMinutes(6),
                new CompactionPlan(new CompactionPolicy.Periodic(Duration.ofDays(3))).lookEvery());
    }
}
