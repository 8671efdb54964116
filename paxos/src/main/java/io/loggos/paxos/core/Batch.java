package io.loggos.paxos.core;

import io.loggos.api.Bytes;
import io.loggos.api.spi.ByteReader;
import io.loggos.api.spi.ByteWriter;
import io.loggos.api.spi.MalformedException;
import java.util.List;

/**
 * What a slot holds: commands, in the bytes that go to the log and to the wire unchanged. Layout: version
 * (1), log time in milliseconds (8), number of commands (4), then for each command session (8), sequence (8),
 * how many sequences before it may be unsettled (4), length (4), payload. A no-op is a batch without commands.
 */
public final class Batch {
    /** Bytes before the first command. */
    static final int HEADER_BYTES = 13;
    /** Bytes of a command before its payload. */
    public static final int COMMAND_BYTES = 24;

    private static final int VERSION = 1;

    /** Takes the commands of a batch one by one. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * One command.
         *
         * @param lowest every sequence of the session below this one was settled when the command was sent
         */
        void command(long session, long sequence, long lowest, Bytes payload);
    }

    /** Takes the names of the commands of a batch one by one. */
    @FunctionalInterface
    public interface NameVisitor {
        /** One command. */
        void command(long session, long sequence);
    }

    private final Bytes bytes;
    private final long logTimeMillis;
    private final int count;

    private Batch(Bytes bytes, long logTimeMillis, int count) {
        this.bytes = bytes;
        this.logTimeMillis = logTimeMillis;
        this.count = count;
    }

    /** A batch of these commands. */
    static Batch of(long logTimeMillis, List<Submission> commands, int payloadBytes) {
        ByteWriter writer = new ByteWriter(HEADER_BYTES + commands.size() * COMMAND_BYTES + payloadBytes);
        writer.putByte(VERSION).putLong(logTimeMillis).putInt(commands.size());
        for (Submission command : commands) {
            command.writeTo(writer);
        }
        return new Batch(writer.toBytes(), logTimeMillis, commands.size());
    }

    /** A batch without commands, to fill a hole in the log. */
    static Batch noOp(long logTimeMillis) {
        return of(logTimeMillis, List.of(), 0);
    }

    /**
     * Reads the header of a batch.
     *
     * @throws MalformedException if it is none
     */
    public static Batch parse(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int version = reader.getByte();
        if (version != VERSION) {
            throw new MalformedException("batch of version " + version);
        }
        long logTimeMillis = reader.getLong();
        return new Batch(bytes, logTimeMillis, reader.getElementCount(COMMAND_BYTES));
    }

    /** Shows every command to the visitor, in order. */
    public void forEach(Visitor visitor) {
        ByteReader reader = commands();
        for (int i = 0; i < count; i++) {
            long session = reader.getLong();
            long sequence = reader.getLong();
            visitor.command(session, sequence, sequence - reader.getInt(), reader.getBytes());
        }
        reader.end();
    }

    /** Shows every command's name to the visitor, in order; who needs no payloads is spared an object for each. */
    public void forEachName(NameVisitor visitor) {
        ByteReader reader = commands();
        for (int i = 0; i < count; i++) {
            visitor.command(reader.getLong(), reader.getLong());
            reader.skip(4);
            reader.skip(reader.getInt());
        }
        reader.end();
    }

    private ByteReader commands() {
        return new ByteReader(bytes.slice(HEADER_BYTES, bytes.size() - HEADER_BYTES));
    }

    /** The leader's clock when it made this batch, in milliseconds since 1970. */
    public long logTimeMillis() {
        return logTimeMillis;
    }

    /** How many commands. */
    public int count() {
        return count;
    }

    /** The bytes in the log. */
    public Bytes bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return count == 0 ? "no-op" : count + " commands";
    }
}
