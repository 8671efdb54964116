package io.loggos.paxos.core.model;

import io.loggos.api.Bytes;
import io.loggos.api.RequestId;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The value of a slot: commands, in the bytes that go unchanged to the log and to the wire.
 *
 * <p>Layout, with sizes in bytes: version (1), log time in milliseconds (8), number of commands (4). Then for each
 * command: session (8), sequence (8), number of earlier sequences that may be unsettled (4), length (4), payload. The
 * sign bit of that number tells that the payload begins with the caller's id: slot (8) and key (16). A no-op is a batch
 * without commands.
 *
 * <p>A stop-sign has no commands either. It has a version of its own, and its header is followed by the configuration to
 * which the next slot belongs.
 */
public final class Batch {
    /** Size of the header, in bytes. */
    static final int HEADER_BYTES = 13;
    /** Size of a command without its payload, in bytes. */
    public static final int COMMAND_BYTES = 24;

    /** Size of the id of a caller before a payload, in bytes. */
    public static final int ID_BYTES = 24;

    private static final int VERSION = 1;
    /** The version of a stop-sign. */
    private static final int STOP_SIGN = 2;
    /** The bit of a command whose payload begins with an id. */
    private static final int NAMED = 1 << 31;

    /** Receives the commands of a batch one by one. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Receives one command.
         *
         * @param session the session
         * @param sequence the number of the command in its session
         * @param lowest the lowest sequence of the session that may have been unsettled when the command was sent
         * @param payload the command's bytes
         */
        void command(long session, long sequence, long lowest, Bytes payload);

        /**
         * Receives one command with an id of its caller.
         *
         * @param after the slot of the id
         * @param key the key of the id
         * @param payload the command's bytes, without the id
         */
        default void request(long session, long sequence, long lowest, long after, UUID key, Bytes payload) {
            command(session, sequence, lowest, payload);
        }
    }

    /** Receives the names of a batch's commands one by one. */
    @FunctionalInterface
    public interface NameVisitor {
        /** Receives the name of one command: its session and its number in the session. */
        void command(long session, long sequence);
    }

    private final Bytes bytes;
    private final long logTimeMillis;
    private final int count;
    private final @Nullable Configuration next;

    private Batch(Bytes bytes, long logTimeMillis, int count, @Nullable Configuration next) {
        this.bytes = bytes;
        this.logTimeMillis = logTimeMillis;
        this.count = count;
        this.next = next;
    }

    /** Returns a batch of these commands. */
    public static Batch of(long logTimeMillis, List<Submission> commands, int payloadBytes) {
        ByteWriter writer = new ByteWriter(HEADER_BYTES + commands.size() * COMMAND_BYTES + payloadBytes);
        writer.putByte(VERSION).putLong(logTimeMillis).putInt(commands.size());
        for (Submission command : commands) {
            command.writeTo(writer);
        }
        return new Batch(writer.toBytes(), logTimeMillis, commands.size(), null);
    }

    /** Returns the last batch of a configuration. The next slot belongs to this one. */
    public static Batch stopSign(long logTimeMillis, Configuration next) {
        Bytes configuration = next.toBytes();
        ByteWriter writer = new ByteWriter(HEADER_BYTES + configuration.size());
        writer.putByte(STOP_SIGN).putLong(logTimeMillis).putInt(0).putRaw(configuration);
        return new Batch(writer.toBytes(), logTimeMillis, 0, next);
    }

    /** Tells if the bytes of a batch are a stop-sign. */
    public static boolean isStopSign(Bytes batch) {
        return batch.at(0) == STOP_SIGN;
    }

    /** Returns a batch without commands, which fills a hole in the log. */
    public static Batch noOp(long logTimeMillis) {
        return of(logTimeMillis, List.of(), 0);
    }

    /**
     * Reads the header of a batch.
     *
     * @throws MalformedException if the bytes are no batch
     */
    public static Batch parse(Bytes bytes) {
        ByteReader reader = new ByteReader(bytes);
        int version = reader.getByte();
        if (version != VERSION && version != STOP_SIGN) {
            throw new MalformedException("batch of version " + version);
        }
        long logTimeMillis = reader.getLong();
        if (version == STOP_SIGN) {
            if (reader.getInt() != 0) {
                throw new MalformedException("a stop-sign with commands");
            }
            return new Batch(bytes, logTimeMillis, 0, Configuration.of(reader.getRest()));
        }
        return new Batch(bytes, logTimeMillis, reader.getElementCount(COMMAND_BYTES), null);
    }

    /** Passes every command to the visitor, in order. */
    public void forEach(Visitor visitor) {
        ByteReader reader = commands();
        for (int i = 0; i < count; i++) {
            long session = reader.getLong();
            long sequence = reader.getLong();
            int distance = reader.getInt();
            if (isNamed(distance)) {
                request(visitor, session, sequence, sequence - distance(distance), reader.getBytes());
            } else {
                visitor.command(session, sequence, sequence - distance, reader.getBytes());
            }
        }
        reader.end();
    }

    /** Passes every command's name to the visitor, in order. Creates no object for the payloads. */
    public void forEachName(NameVisitor visitor) {
        ByteReader reader = commands();
        for (int i = 0; i < count; i++) {
            visitor.command(reader.getLong(), reader.getLong());
            boolean named = isNamed(reader.getInt());
            int length = reader.getInt();
            if (named && length < ID_BYTES) {
                throw new MalformedException("an id of " + length + " bytes");
            }
            reader.skip(length);
        }
        reader.end();
    }

    private static void request(Visitor visitor, long session, long sequence, long lowest, Bytes named) {
        ByteReader reader = new ByteReader(named);
        long after = reader.getLong();
        UUID key = new UUID(reader.getLong(), reader.getLong());
        visitor.request(session, sequence, lowest, after, key, reader.getRest());
    }

    /** Returns a payload with the id of its caller before it. */
    public static Bytes named(RequestId id, Bytes payload) {
        return new ByteWriter(ID_BYTES + payload.size())
                .putLong(id.after().value())
                .putLong(id.key().getMostSignificantBits())
                .putLong(id.key().getLeastSignificantBits())
                .putRaw(payload)
                .toBytes();
    }

    /** Tells by the number of unsettled sequences of a command if its payload begins with an id. */
    public static boolean isNamed(int written) {
        return written < 0;
    }

    /** Returns the number of unsettled sequences of a command. */
    public static int distance(int written) {
        return written & ~NAMED;
    }

    /** Returns the number that is written for a command. */
    static int written(int distance, boolean named) {
        return named ? distance | NAMED : distance;
    }

    private ByteReader commands() {
        return new ByteReader(next != null ? Bytes.EMPTY : bytes.slice(HEADER_BYTES, bytes.size() - HEADER_BYTES));
    }

    /** The configuration to which the next slot belongs, if this is a stop-sign; else null. */
    public @Nullable Configuration next() {
        return next;
    }

    /** The log time that the leader stamped on this batch, in milliseconds since 1970; 0 if it did not know it. */
    public long logTimeMillis() {
        return logTimeMillis;
    }

    /** The number of commands. */
    public int count() {
        return count;
    }

    /** The bytes in the log. */
    public Bytes bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        if (next != null) {
            return "stop-sign of " + next;
        }
        return count == 0 ? "no-op" : count + " commands";
    }
}
