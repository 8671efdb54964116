package io.loggos.benchmarks.systems.consensus;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Cheapest state that shows if two replicas have applied the same commands in the same order: a count and a running
 * hash. One thread applies at a time; any may read.
 */
public final class CommandHash {
    /** Count and hash of the commands. */
    public record Value(long commands, long hash) {}

    private final CRC32C crc = new CRC32C();
    private volatile Value value;
    private long commands;
    private long hash;

    /** Creates a hash of no commands. */
    public CommandHash() {
        this(new Value(0, 0));
    }

    /** Creates a hash that continues from a value. */
    public CommandHash(Value value) {
        this.value = value;
        this.commands = value.commands();
        this.hash = value.hash();
    }

    /** Adds a command. */
    public void apply(byte[] bytes, int offset, int length) {
        crc.reset();
        crc.update(bytes, offset, length);
        step();
    }

    /** Adds a command: the remaining bytes of the buffer. */
    public void apply(ByteBuffer bytes) {
        crc.reset();
        crc.update(bytes);
        step();
    }

    /** Returns the value. For the thread that applies. */
    public Value value() {
        return new Value(commands, hash);
    }

    /** Publishes the value to other threads. */
    public void publish() {
        value = value();
    }

    /** Returns the value that was published last. */
    public Value published() {
        return value;
    }

    private void step() {
        hash = (hash ^ crc.getValue()) * 0x9E37_79B9_7F4A_7C15L;
        hash ^= hash >>> 29;
        commands++;
    }
}
