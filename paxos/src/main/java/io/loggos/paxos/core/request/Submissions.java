package io.loggos.paxos.core.request;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.CommandCaller;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.Submission;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.session.DuplicateFilter;
import io.loggos.paxos.core.session.SessionTable;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The commands proposed on this node, from the call until their slot is handed to the state machine.
 *
 * <p>Commands are handed to the present leader, and again to each later one. An accept of an earlier leader may still
 * be chosen, because any later phase 1 may find it. So a command may get into two slots. The {@link SessionTable} lets
 * it take effect in the first slot only.
 *
 * <p>A command may be forwarded more than once within a ballot. The leader filters duplicates ({@link DuplicateFilter}).
 */
public final class Submissions {
    private static final int MAX_HOPS = 8;
    private static final int MOST_SESSIONS = 4096;

    private final NodeId self;
    private final long session;
    private final Limits limits;
    private final Leader leader;
    private final Effects effects;

    private final SubmissionRing pending = new SubmissionRing();
    /** The lowest sequence that may wait for a leader. */
    private long firstWaiting = 1;

    private @Nullable NodeId route;
    private Ballot routeBallot = Ballot.ZERO;
    private long resendAtNanos;
    private long lowestAtResend;

    /** While leading: the sequences taken from each session, in the ballot {@link #takenIn}. */
    private final TreeMap<Long, DuplicateFilter> taken = new TreeMap<>();

    private Ballot takenIn = Ballot.ZERO;

    public Submissions(NodeId self, long session, Limits limits, Leader leader, Effects effects) {
        this.self = self;
        this.session = session;
        this.limits = limits;
        this.leader = leader;
        this.effects = effects;
    }

    public boolean isEmpty() {
        return pending.isEmpty();
    }

    /** The number of callers on this node that wait for their commands. */
    public int callers() {
        return pending.span();
    }

    /**
     * Takes a command from a caller on this node.
     *
     * @param named true if the payload begins with the id of the caller
     */
    public void submit(Bytes payload, boolean named, CommandCaller caller, long now) {
        Submission submission = new Submission(session, pending.next(), payload, caller, now + limits.requestNanos());
        submission.named = named;
        pending.add(submission);
    }

    /**
     * Hands the waiting commands to the next node on the way to the leader.
     *
     * @param to the leader, this node itself, or a neighbour of the leader; null if no way is known
     * @param ballot the ballot of the leader
     * @param afresh true if commands forwarded earlier may have been lost
     */
    public void handOver(
            @Nullable NodeId to, Ballot ballot, boolean afresh, long now, Outbox<PaxosMessage, LogRecord> out) {
        boolean changed = to == null || !to.equals(route) || !ballot.equals(routeBallot);
        route = to;
        routeBallot = ballot;
        if (to == null || pending.isEmpty()) {
            return;
        }
        if (to.equals(self)) {
            enqueueOwn(changed ? pending.lowest() : firstWaiting);
            return;
        }
        boolean stalled = now >= resendAtNanos && pending.lowest() == lowestAtResend;
        if (changed || afresh || stalled) {
            forward(to, ballot, pending.lowest(), true, out);
        } else if (firstWaiting < pending.next()) {
            forward(to, ballot, firstWaiting, false, out);
        }
        if (now >= resendAtNanos || changed || afresh) {
            resendAtNanos = now + limits.electionNanos();
            lowestAtResend = pending.lowest();
        }
    }

    private void enqueueOwn(long from) {
        for (firstWaiting = from; firstWaiting < pending.next(); firstWaiting++) {
            Submission submission = pending.get(firstWaiting);
            if (submission != null && !submission.assigned.equals(leader.ballot())) {
                submission.lowest = pending.lowest();
                if (!leader.enqueue(submission)) {
                    return;
                }
            }
        }
    }

    private void forward(NodeId to, Ballot ballot, long from, boolean again, Outbox<PaxosMessage, LogRecord> out) {
        ByteWriter writer = new ByteWriter(512);
        int count = 0;
        for (long sequence = from; sequence < pending.next(); sequence++) {
            Submission submission = pending.get(sequence);
            if (submission == null || (!again && submission.assigned.equals(ballot))) {
                continue;
            }
            if (!limits.sizes().admits(writer.size(), submission)) {
                sendForward(to, ballot, count, writer, out);
                writer = new ByteWriter(limits.sizes().forwardBytes());
                count = 0;
            }
            submission.assigned = ballot;
            submission.sent = true;
            submission.lowest = pending.lowest();
            submission.writeTo(writer);
            count++;
        }
        if (count > 0) {
            sendForward(to, ballot, count, writer, out);
        }
        firstWaiting = pending.next();
    }

    private void sendForward(
            NodeId to, Ballot ballot, int count, ByteWriter writer, Outbox<PaxosMessage, LogRecord> out) {
        out.sendNow(to, new PaxosMessage.Forward(ballot, session, pending.lowest(), MAX_HOPS, count, writer.toBytes()));
    }

    /** Takes forwarded commands, while leading the ballot for which they were forwarded. */
    public void onForward(PaxosMessage.Forward forward) {
        if (!takenIn.equals(forward.ballot())) {
            takenIn = forward.ballot();
            taken.clear();
        }
        if (taken.size() >= MOST_SESSIONS) {
            taken.clear();
        }
        DuplicateFilter ofSession = taken.computeIfAbsent(forward.session(), unused -> new DuplicateFilter());
        ofSession.settledBelow(forward.lowest());
        ByteReader reader = new ByteReader(forward.commands());
        for (int i = 0; i < forward.count(); i++) {
            long commandSession = reader.getLong();
            long sequence = reader.getLong();
            int written = reader.getInt();
            Submission submission = new Submission(commandSession, sequence, reader.getBytes(), null, Long.MAX_VALUE);
            submission.named = Batch.isNamed(written);
            submission.lowest = sequence - Batch.distance(written);
            if (!limits.sizes().carriesCommand(submission)) {
                effects.note(PaxosEvent.TOO_LARGE_FOR_FRAME);
            } else if (ofSession.take(submission.sequence) && !leader.enqueue(submission)) {
                ofSession.giveBack(submission.sequence);
            }
        }
    }

    /**
     * Settles this node's commands in a batch that is handed to the state machine.
     *
     * <p>Returns the caller of each command in the batch, or null if no caller waits.
     */
    public @Nullable CommandCaller @Nullable [] settle(Batch batch) {
        leader.expect(callers());
        if (pending.isEmpty() || batch.count() == 0) {
            return null;
        }
        Matching matching = new Matching(batch.count());
        batch.forEachName(matching);
        return matching.found ? matching.callers : null;
    }

    private final class Matching implements Batch.NameVisitor {
        final @Nullable CommandCaller[] callers;
        boolean found;
        private int position;

        Matching(int count) {
            callers = new CommandCaller[count];
        }

        @Override
        public void command(long ofSession, long sequence) {
            if (ofSession == session) {
                Submission settled = pending.remove(sequence);
                if (settled != null) {
                    callers[position] = settled.caller;
                    found = true;
                }
            }
            position++;
        }
    }

    /** Fails the commands that were sent, because a checkpoint skipped slots and the answers in them. */
    public void skipped() {
        for (long sequence = pending.lowest(); sequence < pending.next(); sequence++) {
            Submission submission = pending.get(sequence);
            if (submission != null && submission.sent) {
                fail(submission);
            }
        }
    }

    /** Fails the commands that have waited too long, or all if the time is {@link Long#MAX_VALUE}. */
    public void expire(long now) {
        for (long sequence = pending.lowest(); sequence < pending.next(); sequence++) {
            Submission submission = pending.get(sequence);
            if (submission == null) {
                continue;
            }
            if (submission.deadlineNanos > now) {
                return;
            }
            fail(submission);
        }
    }

    private void fail(Submission submission) {
        // A command in the proposer's queue may still be proposed, so its outcome is unknown as well.
        boolean unknown = submission.sent || !submission.assigned.isZero();
        pending.remove(submission.sequence);
        if (submission.caller != null) {
            effects.fail(submission.caller, unknown ? Effects.Failure.OUTCOME_UNKNOWN : Effects.Failure.UNAVAILABLE);
        }
    }
}
