package io.loggos.paxos.core.model;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteWriter;
import org.jspecify.annotations.Nullable;

/** A command on its way into the log, with this node's knowledge of its outcome. */
public final class Submission {
    final long session;
    public final long sequence;
    public final Bytes payload;
    /** The caller that waits for it here, or null for a command that another node forwarded. */
    public final @Nullable CommandCaller caller;

    public final long deadlineNanos;
    /** True if the payload begins with the id of its caller. */
    public boolean named;
    /** The lowest sequence of the session that may be unsettled. */
    public long lowest = 1;
    /** The ballot of the leader that it was last handed to, or zero. */
    public Ballot assigned = Ballot.ZERO;
    /** True if it may have been proposed, by any leader. */
    public boolean sent;

    public Submission(long session, long sequence, Bytes payload, @Nullable CommandCaller caller, long deadlineNanos) {
        this.session = session;
        this.sequence = sequence;
        this.payload = payload;
        this.caller = caller;
        this.deadlineNanos = deadlineNanos;
    }

    public int sizeBytes() {
        return Batch.COMMAND_BYTES + payload.size();
    }

    public void writeTo(ByteWriter writer) {
        writer.putLong(session)
                .putLong(sequence)
                .putInt(Batch.written((int) (sequence - lowest), named))
                .putBytes(payload);
    }
}
