package io.loggos.paxos.core.request;

import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.ReadCaller;
import io.loggos.paxos.core.process.Outbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The asking side of linearizable reads, by read index or by lease.
 *
 * <p>The algorithm follows Ongaro, <i>Consensus: Bridging Theory and Practice</i>, section 6.4, with ballots in place
 * of terms. All reads that wait at the time of an attempt share it. Every attempt has a nonce of its own, so an
 * answer to an earlier attempt, which had fewer reads, has no effect (RULES.md L-6).
 */
public final class Reads {
    /** A read of a caller here, or of a neighbour that is further from the leader: the asker. The other one is null. */
    private record Read(
            @Nullable ReadCaller caller, @Nullable NodeId asker, long askerNonce, long deadlineNanos) {}

    private record Ready(long slot, List<Read> reads) {}

    private final NodeId self;
    /** True if the leader may answer from its lease. */
    private final boolean byLease;

    private final Limits limits;
    private final Effects effects;

    private final ArrayDeque<Read> waiting = new ArrayDeque<>();
    private List<Read> asked = List.of();
    /** The nonce of the last attempt. It starts at a random number, so an answer to an earlier life has no effect. */
    private long nonce;

    private long askedAtNanos;
    private final ArrayDeque<Ready> ready = new ArrayDeque<>();

    /**
     * Creates the empty queue of one kind of reads.
     *
     * @param byLease true if the leader may answer from its lease
     * @param firstNonce a random number; the nonces of another kind must be far from it
     */
    public Reads(NodeId self, boolean byLease, long firstNonce, Limits limits, Effects effects) {
        this.self = self;
        this.byLease = byLease;
        this.nonce = firstNonce;
        this.limits = limits;
        this.effects = effects;
    }

    public boolean isEmpty() {
        return waiting.isEmpty() && asked.isEmpty() && ready.isEmpty();
    }

    public void submit(ReadCaller caller, long now) {
        waiting.add(new Read(caller, null, 0, now + limits.requestNanos()));
    }

    /** Takes the attempt of a neighbour, to be passed on with the reads of this node. */
    public void submitFor(NodeId asker, long askerNonce, long now) {
        waiting.removeIf(read -> asker.equals(read.asker));
        waiting.add(new Read(null, asker, askerNonce, now + limits.requestNanos()));
    }

    /**
     * Begins an attempt, if reads wait, the way to a leader is known, and no attempt is under way.
     *
     * <p>An attempt that has had no answer for long is asked again, under its number: on a long way every question is
     * late, and any answer to it is good. Reads that came meanwhile wait for the next one.
     *
     * @param afresh true if another leader is known than before, or a link has begun anew
     */
    public void ask(
            @Nullable NodeId to, ReadIndex leader, boolean afresh, long now, Outbox<PaxosMessage, LogRecord> out) {
        boolean nothing = waiting.isEmpty() && asked.isEmpty();
        boolean late = now - askedAtNanos >= 3 * limits.heartbeatNanos();
        if (to == null || nothing || (!asked.isEmpty() && !afresh && !late)) {
            return;
        }
        if (asked.isEmpty() || afresh) {
            asked = new ArrayList<>(asked);
            asked.addAll(waiting);
            waiting.clear();
            nonce++;
        }
        askedAtNanos = now;
        if (to.equals(self)) {
            leader.register(self, nonce, byLease);
        } else {
            out.sendNow(to, new PaxosMessage.ReadIndex(nonce, byLease));
        }
    }

    /** Takes the answer to an attempt: its reads must see all slots up to this one. */
    public void onAnswer(long answered, long slot, Outbox<PaxosMessage, LogRecord> out) {
        if (answered != nonce || asked.isEmpty()) {
            return;
        }
        List<Read> own = new ArrayList<>(asked.size());
        for (Read read : asked) {
            if (read.asker == null) {
                own.add(read);
            } else {
                out.sendNow(read.asker, new PaxosMessage.ReadIndexAnswer(read.askerNonce, slot));
            }
        }
        asked = List.of();
        if (!own.isEmpty()) {
            ready.add(new Ready(slot, own));
        }
    }

    /** Runs the reads whose slot was handed to the state machine. */
    public void release(long givenThrough) {
        while (!ready.isEmpty() && ready.getFirst().slot <= givenThrough) {
            List<ReadCaller> callers = new ArrayList<>();
            for (Read read : ready.removeFirst().reads) {
                if (read.caller != null) {
                    callers.add(read.caller);
                }
            }
            effects.runReads(callers);
        }
    }

    /** Fails the reads that have waited too long, or all reads if the time is {@link Long#MAX_VALUE}. */
    public void expire(long now) {
        while (!waiting.isEmpty() && waiting.getFirst().deadlineNanos <= now) {
            fail(waiting.removeFirst());
        }
        asked = unexpired(asked, now);
        int batches = ready.size();
        for (int i = 0; i < batches; i++) {
            Ready batch = ready.removeFirst();
            List<Read> kept = unexpired(batch.reads, now);
            if (!kept.isEmpty()) {
                ready.add(new Ready(batch.slot, kept));
            }
        }
    }

    private void fail(Read read) {
        if (read.caller != null) {
            effects.fail(read.caller, Effects.Failure.UNAVAILABLE);
        }
    }

    private List<Read> unexpired(List<Read> reads, long now) {
        List<Read> kept = new ArrayList<>(reads.size());
        for (Read read : reads) {
            if (read.deadlineNanos <= now) {
                fail(read);
            } else {
                kept.add(read);
            }
        }
        return kept;
    }
}
