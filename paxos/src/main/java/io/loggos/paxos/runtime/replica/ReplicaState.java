package io.loggos.paxos.runtime.replica;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.internal.codec.MalformedException;
import io.loggos.paxos.core.session.SessionTable;

/**
 * The part of a checkpoint that is not the state machine's (RULES.md SS-3, B-8).
 *
 * @param logTimeMillis the log time after its slot
 * @param history the value of the {@link History} after its slot
 * @param sessions the commands that have taken effect
 */
record ReplicaState(long logTimeMillis, long history, SessionTable sessions) {
    private static final int VERSION = 2;

    Bytes toBytes() {
        ByteWriter record =
                new ByteWriter(256).putByte(VERSION).putLong(logTimeMillis).putLong(history);
        sessions.writeTo(record);
        return record.toBytes();
    }

    /**
     * Decodes the state.
     *
     * @throws MalformedException if the bytes are no state of this version
     */
    static ReplicaState of(Bytes bytes) {
        ByteReader in = new ByteReader(bytes);
        if (in.getByte() != VERSION) {
            throw new MalformedException("checkpoint of another version");
        }
        ReplicaState state = new ReplicaState(in.getLong(), in.getLong(), SessionTable.readFrom(in));
        in.end();
        return state;
    }
}
