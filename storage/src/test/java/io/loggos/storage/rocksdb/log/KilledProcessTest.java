package io.loggos.storage.rocksdb.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.api.node.StorageOptions;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.testkit.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Another process writes, and prints each slot that is durable, until it is killed or its disk refuses a write. */
class KilledProcessTest {
    private static final LogId LOG = LogId.ofName("orders");
    private static final Ballot BALLOT = new Ballot(1, 1);
    private static final StorageOptions OPTIONS = StorageOptions.builder()
            .memtableBytes(256L << 20)
            .groupCommitBytes(1 << 20)
            .build();

    @TempDir
    Path temporary;

    /** The other process: writes slot after slot, and prints each once it is durable. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) {
            PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
            int valueBytes = Integer.parseInt(arguments[1]);
            RocksDbStore store = open(Path.of(arguments[0]));
            try {
                for (long slot = 1; ; slot++) {
                    store.write(List.of(accepted(slot, valueBytes)));
                    out.println(slot);
                }
            } catch (StorageException first) {
                out.println("failed");
                try {
                    store.write(List.of(new LogRecord.ChosenThrough(LOG, 1)));
                    out.println("wrote again");
                } catch (StorageException second) {
                    out.println(first == second ? "latched" : "failed otherwise");
                }
            }
            Runtime.getRuntime().halt(0);
        }
    }

    private static RocksDbStore open(Path directory) {
        return RocksDbStore.open(
                directory, "test", TestStores.NODE, TestStores.MEMBERS, OPTIONS, new SplittableRandom(1));
    }

    private static LogRecord.Accepted accepted(long slot, int valueBytes) {
        byte[] value = new byte[valueBytes];
        new SplittableRandom(slot).nextBytes(value);
        return new LogRecord.Accepted(LOG, slot, BALLOT, Bytes.wrap(value));
    }

    private Process start(String limit, int valueBytes) throws IOException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", limit + " exec \"$@\"", "sh"));
        command.addAll(JavaCommand.with("-Xmx256m", "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(Writer.class.getName(), directory().toString(), Integer.toString(valueBytes)));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private Path directory() {
        return temporary.resolve("store");
    }

    private void assertThere(long through, int valueBytes) {
        try (RocksDbStore store = open(directory())) {
            for (long slot = 1; slot <= through; slot++) {
                LogRecord.Accepted expected = accepted(slot, valueBytes);
                assertEquals(List.of(LogEntry.of(slot, BALLOT, expected.value())), store.read(LOG, slot, slot, 0));
            }
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    @Timeout(60)
    void whatAKilledProcessAcknowledgedIsThere() throws IOException, InterruptedException {
        Process writer = start("", 3000);
        long acknowledged = 0;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            while (acknowledged < 200) {
                acknowledged = Long.parseLong(lines.readLine());
            }
            StorageException locked = assertThrows(StorageException.class, () -> open(directory()));
            assertEquals(StorageException.Kind.LOCKED, locked.kind());
            writer.toHandle().destroyForcibly(); // leaves the pipe readable to its end
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged = Long.parseLong(line);
            }
        } finally {
            writer.destroyForcibly();
        }
        assertTrue(writer.waitFor(30, TimeUnit.SECONDS));
        assertThere(acknowledged, 3000);
    }

    /** A limit on the size of files makes real writes fail in the middle of the write-ahead log. */
    @Test
    @EnabledOnOs(OS.LINUX)
    @Timeout(60)
    void aFailedWriteIsFinalAndWhatWasAcknowledgedBeforeIsThere() throws IOException, InterruptedException {
        Process writer = start("ulimit -f 65536;", 300_000);
        List<String> said = new ArrayList<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.add(line);
            }
            assertTrue(writer.waitFor(30, TimeUnit.SECONDS));
        } finally {
            writer.destroyForcibly();
        }
        int size = said.size();
        assertTrue(size > 10, () -> "said " + said);
        assertEquals(List.of("failed", "latched"), said.subList(size - 2, size));
        assertThere(size - 2, 300_000);
    }
}
