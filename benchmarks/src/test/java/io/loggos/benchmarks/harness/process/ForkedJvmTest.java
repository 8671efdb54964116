package io.loggos.benchmarks.harness.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForkedJvmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Says back what it is told, until it is told to end. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] arguments) {
            Forker.run(forker -> {
                // Not a word of the protocol.
                System.out.println("noise");
                forker.say(arguments[0]);
                for (String line = forker.next(); !line.equals("end"); line = forker.next()) {
                    forker.say("heard " + line);
                }
            });
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
}
