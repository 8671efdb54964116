package io.loggos.storage.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rot in a checkpoint is found while nobody uses it (RULES.md F-15). */
class CheckpointScrubTest {
    private static final LogId ONE = LogId.ofName("one");
    private static final LogId TWO = LogId.ofName("two");
    private static final int STEP_BYTES = 128 << 10;
    private static final int LARGE_BYTES = 1_000_000;
    /** Steps that read four checkpoints, with some to spare. */
    private static final int ROUND = 4 * LARGE_BYTES / STEP_BYTES + 10;

    @TempDir
    Path directory;

    private final List<CheckpointManifest> rotten = new ArrayList<>();
    private long read;

    private final CheckpointScrub.Listener listener = new CheckpointScrub.Listener() {
        @Override
        public void read(long bytes) {
            read += bytes;
        }

        @Override
        public void rotten(CheckpointManifest checkpoint) {
            rotten.add(checkpoint);
        }
    };

    private DirectoryCheckpointStore open() {
        return new DirectoryCheckpointStore(directory);
    }

    private static CheckpointManifest write(DirectoryCheckpointStore store, LogId log, long slot) throws IOException {
        return store.write(log, slot, Bytes.EMPTY, files -> {
            Files.write(files.resolve("large"), new byte[LARGE_BYTES]);
            Files.writeString(files.resolve("small"), "at " + slot);
            Files.createFile(files.resolve("empty"));
        });
    }

    private void rot(DirectoryCheckpointStore store, CheckpointManifest checkpoint, String name) throws IOException {
        Path file = store.directory(checkpoint).resolve(name);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private void scrub(CheckpointScrub scrub, int steps) {
        for (int i = 0; i < steps; i++) {
            long before = read;
            scrub.read(List.of(ONE, TWO), STEP_BYTES);
            assertTrue(read - before <= STEP_BYTES + (64 << 10), () -> read - before + " bytes in a step");
        }
    }

    @Test
    void soundCheckpointsStay() throws IOException {
        DirectoryCheckpointStore store = open();
        List<CheckpointManifest> ones = List.of(write(store, ONE, 1), write(store, ONE, 2));
        CheckpointManifest two = write(store, TWO, 1);
        scrub(new CheckpointScrub(store, listener), 2 * ROUND);
        assertEquals(List.of(), rotten);
        assertEquals(List.of(ones.get(1), ones.get(0)), store.kept(ONE));
        assertEquals(List.of(two), store.kept(TWO));
        assertTrue(read > 6L * LARGE_BYTES, () -> read + " bytes");
    }

    @Test
    void rotIsFoundInEveryCheckpointAndFile() throws IOException {
        for (String name : List.of("large", "small")) {
            DirectoryCheckpointStore store = open();
            long newest = store.kept(ONE).isEmpty() ? 0 : store.kept(ONE).get(0).slot();
            CheckpointManifest first = write(store, ONE, newest + 1);
            CheckpointManifest second = write(store, ONE, newest + 2);
            CheckpointScrub scrub = new CheckpointScrub(store, listener);
            scrub(scrub, 2);
            rot(store, second, name);
            scrub(scrub, 2 * ROUND);
            assertEquals(List.of(second), rotten);
            assertEquals(List.of(first), store.kept(ONE));
            rot(store, first, name);
            scrub(scrub, 2 * ROUND);
            assertEquals(List.of(second, first), rotten);
            assertEquals(List.of(), store.kept(ONE));
            rotten.clear();
        }
    }

    /** A checkpoint that is superseded while it is read is not rotten. */
    @Test
    void supersededCheckpointIsPassedOver() throws IOException {
        DirectoryCheckpointStore store = open();
        write(store, ONE, 1);
        CheckpointScrub scrub = new CheckpointScrub(store, listener);
        for (long slot = 2; slot < 12; slot++) {
            scrub(scrub, 3);
            write(store, ONE, slot);
        }
        scrub(scrub, ROUND);
        assertEquals(List.of(), rotten);
        assertEquals(2, store.kept(ONE).size());
    }

    /** Nor is one that is superseded between two steps of the scrub: the log's own writer does not wait for it. */
    @Test
    void supersededCheckpointIsNotRottenWhileItIsVerified() throws IOException {
        DirectoryCheckpointStore store = open();
        CheckpointManifest first = write(store, ONE, 1);
        CheckpointStore racing = (CheckpointStore) Proxy.newProxyInstance(
                CheckpointStore.class.getClassLoader(),
                new Class<?>[] {CheckpointStore.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("read")) {
                        throw new IOException("a part of the successor");
                    }
                    if (method.getName().equals("verify")) {
                        write(store, ONE, 2);
                        write(store, ONE, 3);
                    }
                    return method.invoke(store, arguments);
                });
        new CheckpointScrub(racing, listener).read(List.of(ONE), STEP_BYTES);
        assertFalse(store.kept(ONE).contains(first));
        assertEquals(List.of(), rotten);
    }
}
