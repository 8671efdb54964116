package io.loggos.benchmarks.systems.microraft;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.microraft.model.impl.DefaultRaftModelFactory;
import io.microraft.model.log.LogEntry;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
    private final DefaultRaftModelFactory factory = new DefaultRaftModelFactory();

    @Test
    void whatWasFlushedCanBeReadAndChecked(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("log");
        try (FileStore store = new FileStore(file)) {
            store.persistLogEntries(List.of(entry(1, new byte[3]), entry(2, HashStateMachine.NEW_LEADER)));
            assertEquals(0, Files.size(file));
            store.flush();
            assertEquals(List.of(16, 13), contentLengths(file));
            store.truncateLogEntriesFrom(2);
            store.persistLogEntries(List.of(entry(2, new byte[3 << 20])));
            store.flush();
        }
        assertEquals(List.of(16, 13, 9, (3 << 20) + 13), contentLengths(file));
    }

    private LogEntry entry(long position, Object operation) {
        return factory.createLogEntryBuilder()
                .setIndex(position)
                .setTerm(1)
                .setOperation(operation)
                .build();
    }

    private static List<Integer> contentLengths(Path file) throws Exception {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        List<Integer> lengths = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int length = bytes.getInt();
            int expected = bytes.getInt();
            CRC32C crc = new CRC32C();
            crc.update(bytes.slice(bytes.position(), length));
            assertEquals(expected, (int) crc.getValue());
            bytes.position(bytes.position() + length);
            lengths.add(length);
        }
        return lengths;
    }
}
