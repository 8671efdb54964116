package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.spi.ByteWriter;
import org.jspecify.annotations.Nullable;

/** A command on its way into the log, with this node's knowledge of its outcome. */
final class Submission {
    final long session;
    final long sequence;
    final Bytes payload;
    /** The caller that waits for it here, or null for a command that another node forwarded. */
    final @Nullable Object caller;

    final long deadlineNanos;
    /** The lowest sequence of the session that may be unsettled. */
    long lowest = 1;
    /** The ballot of the leader that it was last handed to, or zero. */
    Ballot assigned = Ballot.ZERO;
    /** True if it may have been proposed, by any leader. */
    boolean sent;

    Submission(long session, long sequence, Bytes payload, @Nullable Object caller, long deadlineNanos) {
        this.session = session;
        this.sequence = sequence;
        this.payload = payload;
        this.caller = caller;
        this.deadlineNanos = deadlineNanos;
    }

    int sizeBytes() {
        return Batch.COMMAND_BYTES + payload.size();
    }

    void writeTo(ByteWriter writer) {
        writer.putLong(session)
                .putLong(sequence)
                .putInt((int) (sequence - lowest))
                .putBytes(payload);
    }
}
