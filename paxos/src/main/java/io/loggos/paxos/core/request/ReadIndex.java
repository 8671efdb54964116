package io.loggos.paxos.core.request;

import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.lease.Lease;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import java.util.ArrayList;
import java.util.List;

/**
 * The leader's side of linearizable reads.
 *
 * <p>It takes the slot when a read is registered. It answers once a quorum has confirmed the ballot in a round that
 * began later (RULES.md L-6). A confirmation says that the acceptor has promised no higher ballot. So no other leader
 * can have had a value chosen before the round began. Reads that come during a round share the next one.
 *
 * <p>While the leader has its {@link Lease}, a read that permits it is answered without a round.
 *
 * <p>The first round begins when a batch of this ballot is chosen (RULES.md L-5). So every slot in an answer is chosen.
 * The slot of a leader that was deposed before might never be, and reads behind it would wait for it in vain.
 */
public final class ReadIndex {
    private record Registered(NodeId asker, long nonce, boolean byLease, long slot) {}

    private final NodeId self;
    private final CurrentConfiguration configuration;
    private final Leader leader;
    private final Lease lease;
    /** The reads of this node by read index, and those by lease. */
    private final Reads local;

    private final Reads localByLease;
    private final Limits limits;
    private final Effects effects;

    private List<Registered> next = new ArrayList<>();
    private List<Registered> current = List.of();
    /** The number of the round, which rises over all ballots of this life. */
    private long round;

    private long confirmations;
    private long startedAtNanos;

    public ReadIndex(
            NodeId self,
            CurrentConfiguration configuration,
            Leader leader,
            Lease lease,
            Reads local,
            Reads localByLease,
            Limits limits,
            Effects effects) {
        this.self = self;
        this.configuration = configuration;
        this.leader = leader;
        this.lease = lease;
        this.local = local;
        this.localByLease = localByLease;
        this.limits = limits;
        this.effects = effects;
    }

    public boolean isEmpty() {
        return next.isEmpty() && current.isEmpty();
    }

    /**
     * Registers a read at the last chosen slot, but at least at the first slot of this leader's ballot.
     *
     * <p>Everything that earlier leaders acknowledged lies below that slot. A new question of a node replaces its last
     * one of the same kind, whose reads it has, too.
     *
     * @param byLease true if the read may be answered from the lease
     */
    public void register(NodeId asker, long nonce, boolean byLease) {
        long slot = Math.max(leader.chosenThrough(), leader.firstOwnSlot());
        next.removeIf(read -> read.asker.equals(asker) && read.byLease == byLease);
        next.add(new Registered(asker, nonce, byLease, slot));
        if (byLease) {
            lease.want();
        }
    }

    /**
     * Answers what the lease permits. Then begins a round if reads wait and no round runs, if the running round has had
     * no answer for long, or if the lease is to be renewed.
     *
     * @param now a time that was read from the clock after all reads had come (RULES.md L-2)
     */
    public void startRound(long now, long wallMillis, Outbox<PaxosMessage, LogRecord> out) {
        if (!leader.leads() || leader.chosenThrough() < leader.firstOwnSlot()) {
            return;
        }
        if (!next.isEmpty() && lease.holds(now, wallMillis)) {
            answerByLease(out);
        }
        boolean late = now - startedAtNanos >= 2 * limits.heartbeatNanos();
        boolean renews = lease.isDue(now);
        if (current.isEmpty() ? next.isEmpty() && !renews : !late) {
            return;
        }
        if (!current.isEmpty()) {
            next.addAll(0, current);
        }
        current = next;
        next = new ArrayList<>();
        round++;
        startedAtNanos = now;
        confirmations = configuration.bit(self);
        long grantNanos = renews ? lease.ask(round, now, wallMillis) : 0;
        configuration.sendToVoters(new PaxosMessage.Confirm(leader.ballot(), round, grantNanos), out);
        answerIfConfirmed(now, out);
    }

    public void onConfirmed(
            NodeId from, PaxosMessage.Confirmed confirmed, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!leader.leads() || !confirmed.ballot().equals(leader.ballot())) {
            return;
        }
        if (confirmed.granted() && lease.granted(from, confirmed.round(), now)) {
            effects.note(PaxosEvent.LEASED);
        }
        if (confirmed.round() == round) {
            confirmations |= configuration.bit(from);
            answerIfConfirmed(now, out);
        }
    }

    /** Drops the reads of a peer, because its link began anew, perhaps in a new life. The peer will ask again. */
    public void forget(NodeId peer) {
        next.removeIf(read -> read.asker.equals(peer));
        current = new ArrayList<>(current);
        current.removeIf(read -> read.asker.equals(peer));
    }

    /** Drops all reads, and the lease. The nodes that asked will ask another leader. */
    public void stepDown() {
        lease.end();
        current = List.of();
        next = new ArrayList<>();
    }

    private void answerByLease(Outbox<PaxosMessage, LogRecord> out) {
        List<Registered> others = new ArrayList<>();
        for (Registered read : next) {
            if (read.byLease) {
                answer(read, out);
            } else {
                others.add(read);
            }
        }
        next = others;
    }

    private void answerIfConfirmed(long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!configuration.isQuorum(confirmations)) {
            return;
        }
        lease.confirmed(now);
        current.forEach(read -> answer(read, out));
        current = List.of();
    }

    private void answer(Registered read, Outbox<PaxosMessage, LogRecord> out) {
        if (!read.asker.equals(self)) {
            out.sendNow(read.asker, new PaxosMessage.ReadIndexAnswer(read.nonce, read.slot));
        } else if (read.byLease) {
            localByLease.onAnswer(read.nonce, read.slot, out);
        } else {
            local.onAnswer(read.nonce, read.slot, out);
        }
    }
}
