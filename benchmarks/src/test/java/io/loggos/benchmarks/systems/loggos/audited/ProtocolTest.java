package io.loggos.benchmarks.systems.loggos.audited;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.loggos.api.Role;
import io.loggos.benchmarks.harness.process.ForkedJvm;
import io.loggos.benchmarks.harness.process.Forker;
import io.loggos.benchmarks.harness.process.TrialFailure;
import io.loggos.benchmarks.systems.loggos.NodeAddresses;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProtocolTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Says back what it is told, until it is told to end. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] arguments) throws InterruptedException {
            Forker forker = Forker.take();
            // Not a word of the protocol.
            System.out.println("noise");
            forker.say(arguments[0]);
            for (String line = forker.next(); !line.equals("end"); line = forker.next()) {
                forker.say("heard " + line);
            }
            System.exit(0);
        }
    }

    @Test
    void aForkedJvmIsSpokenWith() {
        try (ForkedJvm jvm = ForkedJvm.start("echo", List.of("-Xmx64m"), Echo.class, List.of("ready"))) {
            assertEquals("ready", jvm.receive(PATIENCE));
            jvm.send("grüße");
            assertEquals("heard grüße", jvm.receive(PATIENCE));
            jvm.send("end");
            assertEquals(
                    "echo has ended",
                    assertThrows(TrialFailure.class, () -> jvm.receive(PATIENCE))
                            .getMessage());
        }
    }

    @Test
    void aForkedJvmEndsWithItsInput() {
        ForkedJvm jvm = ForkedJvm.start("echo", List.of("-Xmx64m"), Echo.class, List.of("ready"));
        assertEquals("ready", jvm.receive(PATIENCE));
        jvm.close();
        assertThrows(TrialFailure.class, () -> jvm.receive(PATIENCE));
    }

    @Test
    void settingsArePassedOn(@TempDir Path directory) {
        NodeSettings settings =
                new NodeSettings(2, new NodeAddresses(directory, List.of(1, 2, 3)), Duration.ofMillis(300), false);
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
