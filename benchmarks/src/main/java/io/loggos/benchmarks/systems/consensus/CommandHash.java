package io.loggos.benchmarks.systems.consensus;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The cheapest state that still tells whether two replicas have applied the same commands in the same order: a count and
 * a running hash. One thread applies at a time; any may look.
 */
public final class CommandHash {
    /** What it holds. */
    public record Value(long commands, long hash) {}

    private final CRC32C crc = new CRC32C();
    private volatile Value value;
    private long commands;
    private long hash;

    /** Nothing applied yet. */
    public CommandHash() {
        this(new Value(0, 0));
    }

    /** As it was at another time. */
    public CommandHash(Value value) {
        this.value = value;
        this.commands = value.commands();
        this.hash = value.hash();
    }

    /** The next command. */
    public void apply(byte[] bytes, int offset, int length) {
        crc.reset();
        crc.update(bytes, offset, length);
        step();
    }

    /** The next command: what remains in the buffer. */
    public void apply(ByteBuffer bytes) {
        crc.reset();
        crc.update(bytes);
        step();
    }

    /** What it holds; for the thread that applies. */
    public Value value() {
        return new Value(commands, hash);
    }

    /** Lets the other threads see what was applied so far. */
    public void publish() {
        value = value();
    }

    /** What was last published. */
    public Value published() {
        return value;
    }

    private void step() {
        hash = (hash ^ crc.getValue()) * 0x9E37_79B9_7F4A_7C15L;
        hash ^= hash >>> 29;
        commands++;
    }
}
