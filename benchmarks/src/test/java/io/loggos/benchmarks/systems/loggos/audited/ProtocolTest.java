package io.loggos.benchmarks.systems.loggos.audited;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.loggos.api.replica.Role;
import io.loggos.benchmarks.harness.machine.Addresses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtocolTest {
    @Test
    void settingsArePassedOn(@TempDir Path directory) {
        NodeSettings settings =
                new NodeSettings(2, new Addresses(directory, List.of(1, 2, 3)), Duration.ofMillis(300), false);
        assertEquals(settings, NodeSettings.parse(settings.toArguments().toArray(String[]::new)));
        assertEquals(Long.MAX_VALUE, settings.replica().checkpointSlots());
    }

    @Test
    void statusIsPassedOn() {
        ForkedNode.Status status =
                new ForkedNode.Status(Role.LEADER, 3, 17, 18, 2, new AuditedStateMachine.State(5, 0, -9));
        assertEquals(status, ForkedNode.Status.parse(status.toText()));
    }
}
