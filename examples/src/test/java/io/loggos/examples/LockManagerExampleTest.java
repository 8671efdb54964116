package io.loggos.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.NodeId;
import io.loggos.snapshot.detect.Cycle;
import io.loggos.snapshot.detect.Cycle.Wait;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the example. */
class LockManagerExampleTest {
    @TempDir
    Path directory;

    @Test
    void deadlockIsFoundAndDrawn() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        Cycle<String, String> cycle =
                LockManagerExample.run(directory, new PrintStream(out, true, StandardCharsets.UTF_8));

        TreeSet<String> waits = new TreeSet<>();
        for (Wait<String, String> wait : cycle.waits()) {
            waits.add(wait.node() + " " + wait.process() + " " + wait.resource() + " " + wait.holder());
        }
        assertEquals(
                new TreeSet<>(List.of(
                        NodeId.of(1) + " transaction-1 lock-2 transaction-2",
                        NodeId.of(2) + " transaction-2 lock-3 transaction-3",
                        NodeId.of(3) + " transaction-3 lock-1 transaction-1")),
                waits);
        String text = out.toString(StandardCharsets.UTF_8);
        assertTrue(text.contains("transaction-1 (n1) waits for lock-2, held by transaction-2"), text);
        String picture = Files.readString(directory.resolve("deadlock.svg"));
        assertTrue(picture.startsWith("<svg ") && picture.contains("waits for lock-3"), picture);
    }
}
