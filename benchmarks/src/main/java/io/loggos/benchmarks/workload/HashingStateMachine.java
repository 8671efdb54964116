package io.loggos.benchmarks.workload;

import io.loggos.api.Bytes;
import io.loggos.api.CheckpointWriter;
import io.loggos.api.Command;
import io.loggos.api.StateMachine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * The cheapest state machine that still tells whether two replicas have applied the same commands in the same order: a
 * count and a running hash.
 */
public final class HashingStateMachine implements StateMachine {
    private static final String FILE = "state";

    /** What it holds. */
    public record State(long commands, long hash) {}

    private final CRC32C crc = new CRC32C();
    private long commands;
    private long hash;

    @Override
    public Bytes apply(Command command) {
        Bytes payload = command.payload();
        crc.reset();
        crc.update(payload.backingArray(), payload.backingOffset(), payload.size());
        hash = (hash ^ crc.getValue() ^ (command.slot().value() << 32)) * 0x9E37_79B9_7F4A_7C15L;
        hash ^= hash >>> 29;
        commands++;
        return Bytes.EMPTY;
    }

    @Override
    public CheckpointWriter checkpoint() {
        byte[] captured = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(commands)
                .putLong(hash)
                .array();
        return directory -> Files.write(directory.resolve(FILE), captured);
    }

    @Override
    public void restore(Path directory) throws IOException {
        ByteBuffer stored = ByteBuffer.wrap(Files.readAllBytes(directory.resolve(FILE)));
        commands = stored.getLong();
        hash = stored.getLong();
    }

    /** What it holds; for the thread that applies. */
    public State state() {
        return new State(commands, hash);
    }
}
