package io.loggos.paxos.disk;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.node.Node;
import io.loggos.api.replica.Replica;
import io.loggos.api.replica.ReplicaOptions;
import io.loggos.testkit.LastCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A checkpoint that rots while its node runs and has nothing to do is found, and another one is taken (F-15). */
class CheckpointRotTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final LogId LOG = LogId.ofName("log");

    @TempDir
    Path directory;

    @Test
    void rottenCheckpointOfAnIdleNodeIsReplaced() throws IOException {
        try (Node node = Node.builder()
                .clusterId("rot")
                .id(1)
                .listen("127.0.0.1:0")
                .dataDirectory(directory)
                .open()) {
            Replica replica = node.replicate(
                    "log",
                    new LastCommand(),
                    ReplicaOptions.builder().checkpointEvery(1, 1 << 20).build());
            long slot = replica.propose(Bytes.utf8("only")).join().slot().value();
            Awaitility.await("its checkpoint")
                    .atMost(PATIENCE)
                    .until(() -> replica.status().checkpointSlot().value() == slot);
            Path file = directory
                    .resolve("checkpoints")
                    .resolve(String.format(Locale.ROOT, "%016x", LOG.value()))
                    .resolve(String.format(Locale.ROOT, "%020d", slot))
                    .resolve("files")
                    .resolve("last");
            byte[] sound = Files.readAllBytes(file);
            byte[] rotten = sound.clone();
            rotten[0] ^= 1;
            Files.write(file, rotten);

            Awaitility.await("a sound checkpoint in its place")
                    .atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> Bytes.wrap(Files.readAllBytes(file)).equals(Bytes.wrap(sound)));
        }
    }
}
