package io.loggos.paxos.runtime.replica.state;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.session.RequestTable;
import io.loggos.paxos.core.session.SessionTable;
import org.jspecify.annotations.Nullable;

/**
 * The part of a checkpoint that is not the state machine's (RULES.md SS-3, B-8).
 *
 * @param logTimeMillis the log time after its slot
 * @param history the value of the {@link History} after its slot
 * @param configuration the configuration of the slot behind it; null if it is the first one
 * @param sessions the commands that have taken effect
 * @param requests the first answers to commands with ids of their callers
 */
public record ReplicaState(
        long logTimeMillis,
        long history,
        @Nullable Configuration configuration,
        SessionTable sessions,
        RequestTable requests) {
    private static final int VERSION = 4;

    /** Encodes the state. */
    public Bytes toBytes() {
        ByteWriter record =
                new ByteWriter(256).putByte(VERSION).putLong(logTimeMillis).putLong(history);
        record.putBytes(configuration == null ? Bytes.EMPTY : configuration.toBytes());
        sessions.writeTo(record);
        requests.writeTo(record);
        return record.toBytes();
    }

    /**
     * Decodes the state.
     *
     * @throws MalformedException if the bytes are no state of this version
     */
    public static ReplicaState of(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        if (in.getByte() != VERSION) {
            throw new MalformedException("checkpoint of another version");
        }
        ReplicaState state = new ReplicaState(
                in.getLong(),
                in.getLong(),
                configuration(in.getBytes()),
                SessionTable.readFrom(in),
                RequestTable.readFrom(in));
        in.end();
        return state;
    }

    /**
     * Returns an encoded state as it is in a cluster of its own, whose stores no configuration knows yet.
     *
     * @throws MalformedException if the bytes are no state of this version
     */
    public static Bytes inNewCluster(Bytes encoded) {
        ReplicaState state = of(encoded);
        return new ReplicaState(state.logTimeMillis, state.history, null, state.sessions, state.requests).toBytes();
    }

    private static @Nullable Configuration configuration(Bytes bytes) {
        return bytes.isEmpty() ? null : Configuration.of(bytes);
    }
}
