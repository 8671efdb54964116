package io.loggos.examples.server.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.kv.maintenance.Alarm;
import io.loggos.api.kv.maintenance.StoreContents;
import io.loggos.api.kv.maintenance.StoredChange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup comes back as it was, of any size, and one that is damaged is refused. */
class EtcdBackupTest {
    private static final long SEED = Long.getLong("backup.seed", 1);

    @TempDir
    Path directory;

    private record Contents(
            long revision, long compactedRevision, SortedMap<Long, Duration> leases, List<StoredChange> all)
            implements StoreContents {
        @Override
        public List<Alarm> alarms() {
            return List.of(new Alarm(3, Alarm.Kind.NO_SPACE));
        }

        @Override
        public void forEach(Consumer<StoredChange> receiver) {
            all.forEach(receiver);
        }

        @Override
        public void close() {}
    }

    @Test
    void comesBackAsItWas() throws IOException {
        Random random = new Random(SEED);
        for (int size : new int[] {0, 1, 2, 700, 40_000}) {
            Contents contents = random(random, size, 60);
            assertSame(contents, saved(contents, 0));
        }
    }

    @Test
    void largeValuesTakeLargePages() throws IOException {
        Random random = new Random(SEED);
        Contents contents = random(random, 40, 1_500_000);
        assertSame(contents, saved(contents, 0));
    }

    @Test
    void aDamagedFileIsRefused() throws IOException {
        Random random = new Random(SEED);
        byte[] sound = Files.readAllBytes(saved(random(random, 300, 100), 0));
        Path file = directory.resolve("damaged");
        for (int i = 0; i < 50; i++) {
            byte[] bytes = sound.clone();
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 + random.nextInt(255));
            Files.write(file, bytes);
            assertThrows(
                    IOException.class, () -> EtcdBackupFile.open(file, true).close());
        }
        Files.write(file, new byte[100]);
        assertThrows(IOException.class, () -> EtcdBackupFile.open(file, false).close());
    }

    /** Without its digest, nothing in a file is to be believed. */
    @Test
    void whateverIsInAFileWithoutADigestItIsReadOrRefused() throws IOException {
        Random random = new Random(SEED);
        byte[] sound = Files.readAllBytes(saved(random(random, 3_000, 40), 0));
        Path file = directory.resolve("wild");
        int read = 0;
        for (int i = 0; i < 300; i++) {
            byte[] bytes = java.util.Arrays.copyOf(sound, sound.length - 32);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                int page = random.nextInt(bytes.length / 4096) * 4096;
                bytes[page + random.nextInt(random.nextBoolean() ? 40 : 4096)] = (byte) random.nextInt(256);
            }
            Files.write(file, bytes);
            assertThrows(
                    IOException.class, () -> EtcdBackupFile.open(file, true).close());
            try (EtcdBackupFile backup = EtcdBackupFile.open(file, false)) {
                backup.forEach(change -> {});
                read++;
            } catch (IOException | LoggosException refused) {
                assertTrue(
                        String.valueOf(refused.getMessage()).contains("not a sound bolt database"), refused::toString);
            }
        }
        assertTrue(read > 10, "all were refused");
    }

    private void assertSame(Contents contents, Path file) throws IOException {
        try (EtcdBackupFile read = EtcdBackupFile.open(file, true)) {
            assertEquals(contents.revision(), read.revision());
            assertEquals(contents.compactedRevision(), read.compactedRevision());
            assertEquals(contents.leases(), read.leases());
            List<StoredChange> changes = new ArrayList<>();
            read.forEach(changes::add);
            assertEquals(contents.all(), changes);
            assertEquals(List.of(), read.alarms());
        }
    }

    private Path saved(Contents contents, long slot) throws IOException {
        Path file = directory.resolve("saved-" + contents.all().size());
        EtcdBackup backup = new EtcdBackup(contents, slot);
        MessageDigest sha = EtcdBackupFile.sha256();
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            backup.writeTo(pages -> {
                sha.update(pages.duplicate());
                write(out, pages);
            });
            assertEquals(backup.sizeBytes(), out.size());
            write(out, ByteBuffer.wrap(sha.digest()));
        }
        return file;
    }

    private static void write(FileChannel out, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Contents random(Random random, int size, int mostValueBytes) {
        List<StoredChange> all = new ArrayList<>();
        long revision = 1;
        int place = 0;
        for (int i = 0; i < size; i++) {
            boolean next = i == 0 || random.nextInt(3) > 0;
            revision += next ? 1 + random.nextInt(3) : 0;
            place = next ? 0 : place + 1;
            Bytes key = Bytes.utf8("key-" + random.nextInt(size));
            byte[] value = new byte[random.nextInt(mostValueBytes)];
            random.nextBytes(value);
            all.add(
                    random.nextInt(6) == 0
                            ? new StoredChange(revision, place, key, true, Bytes.EMPTY, 0, 0, 0)
                            : new StoredChange(
                                    revision, place, key, false, Bytes.wrap(value), 2, 1 + i, random.nextInt(3)));
        }
        TreeMap<Long, Duration> leases = new TreeMap<>();
        for (int i = 0; i < size % 50; i++) {
            leases.put(random.nextLong(), Duration.ofSeconds(1 + random.nextInt(100)));
        }
        return new Contents(revision, size > 2 ? revision / 2 : -1, leases, all);
    }
}
