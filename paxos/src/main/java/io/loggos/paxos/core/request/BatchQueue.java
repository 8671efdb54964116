package io.loggos.paxos.core.request;

import io.loggos.api.Ballot;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.Submission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** The commands that a leader has taken and not proposed yet. It proposes them in batches, in their order. */
public final class BatchQueue {
    /** Divisor of the batch limit: a batch of that size costs about as much for its bytes as for its slot. */
    private static final int WORTHWHILE_PARTS = 4;

    private final Limits limits;
    private final ArrayDeque<Submission> queue = new ArrayDeque<>();
    private long queuedBytes;
    /** The commands of the batch that is being made. The list keeps its capacity from batch to batch. */
    private final List<Submission> commands = new ArrayList<>();

    private boolean forwarded;

    public BatchQueue(Limits limits) {
        this.limits = limits;
    }

    public boolean isEmpty() {
        return queue.isEmpty();
    }

    /** True if the queued commands fill a batch. */
    public boolean fillsBatch() {
        return queuedBytes >= limits.batchBytes();
    }

    /** True if the queued commands are large enough for a slot of their own. */
    public boolean isWorthwhile() {
        return queuedBytes >= limits.batchBytes() / WORTHWHILE_PARTS;
    }

    /** Takes a command for the leader of a ballot. Returns false if there is no room for it. */
    public boolean offer(Submission submission, Ballot ballot) {
        if (queuedBytes + submission.sizeBytes() > limits.queueBytes()) {
            return false;
        }
        submission.assigned = ballot;
        queue.add(submission);
        queuedBytes += submission.sizeBytes();
        return true;
    }

    /** Removes the commands of the next batch and returns the batch. A command that is too large gets its own. */
    public Batch next(long logTimeMillis) {
        int bytes = 0;
        forwarded = false;
        while (!queue.isEmpty()) {
            Submission next = queue.getFirst();
            if (!commands.isEmpty() && bytes + next.sizeBytes() > limits.batchBytes()) {
                break;
            }
            queue.removeFirst();
            next.sent = true;
            forwarded |= next.caller == null;
            bytes += next.sizeBytes();
            commands.add(next);
        }
        queuedBytes -= bytes;
        Batch batch = Batch.of(logTimeMillis, commands, bytes - commands.size() * Batch.COMMAND_BYTES);
        commands.clear();
        return batch;
    }

    /** True if the last batch has a command that another node forwarded. */
    public boolean lastWasForwarded() {
        return forwarded;
    }

    /** Drops the queued commands. They count as not handed over, because they were not proposed. */
    public void clear() {
        for (Submission queued : queue) {
            queued.assigned = Ballot.ZERO;
        }
        queue.clear();
        queuedBytes = 0;
    }
}
