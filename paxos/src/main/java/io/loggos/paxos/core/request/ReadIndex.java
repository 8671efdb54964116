package io.loggos.paxos.core.request;

import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Limits;
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
 * <p>The first round begins when a batch of this ballot is chosen (RULES.md L-5). So every slot in an answer is chosen.
 * The slot of a leader that was deposed before might never be, and reads behind it would wait for it in vain.
 */
public final class ReadIndex {
    private record Registered(NodeId asker, long nonce, long slot) {}

    private final NodeId self;
    private final CurrentConfiguration configuration;
    private final Leader leader;
    private final Reads local;
    private final Limits limits;

    private List<Registered> next = new ArrayList<>();
    private List<Registered> current = List.of();
    /** The number of the round, which rises over all ballots of this life. */
    private long round;

    private long confirmations;
    private long startedAtNanos;

    public ReadIndex(NodeId self, CurrentConfiguration configuration, Leader leader, Reads local, Limits limits) {
        this.self = self;
        this.configuration = configuration;
        this.leader = leader;
        this.local = local;
        this.limits = limits;
    }

    public boolean isEmpty() {
        return next.isEmpty() && current.isEmpty();
    }

    /**
     * Registers a read at the last chosen slot, but at least at the first slot of this leader's ballot.
     *
     * <p>Everything that earlier leaders acknowledged lies below that slot. A new question of a node replaces its last
     * one, whose reads it has, too.
     */
    public void register(NodeId asker, long nonce) {
        long slot = Math.max(leader.chosenThrough(), leader.firstOwnSlot());
        next.removeIf(read -> read.asker.equals(asker));
        next.add(new Registered(asker, nonce, slot));
    }

    /** Begins a round if reads wait and no round runs, or the running round has had no answer for long. */
    public void startRound(long now, Outbox<PaxosMessage, LogRecord> out) {
        boolean late = now - startedAtNanos >= 2 * limits.heartbeatNanos();
        boolean ready = leader.leads() && leader.chosenThrough() >= leader.firstOwnSlot();
        if (!ready || (current.isEmpty() ? next.isEmpty() : !late)) {
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
        configuration.sendToVoters(new PaxosMessage.Confirm(leader.ballot(), round), out);
        answerIfConfirmed(out);
    }

    public void onConfirmed(NodeId from, PaxosMessage.Confirmed confirmed, Outbox<PaxosMessage, LogRecord> out) {
        if (leader.leads()
                && confirmed.ballot().equals(leader.ballot())
                && confirmed.round() == round
                && !current.isEmpty()) {
            confirmations |= configuration.bit(from);
            answerIfConfirmed(out);
        }
    }

    /** Drops the reads of a peer, because its link began anew, perhaps in a new life. The peer will ask again. */
    public void forget(NodeId peer) {
        next.removeIf(read -> read.asker.equals(peer));
        current = new ArrayList<>(current);
        current.removeIf(read -> read.asker.equals(peer));
    }

    /** Drops all reads. The nodes that asked will ask another leader. */
    public void stepDown() {
        current = List.of();
        next = new ArrayList<>();
    }

    private void answerIfConfirmed(Outbox<PaxosMessage, LogRecord> out) {
        if (!configuration.isQuorum(confirmations)) {
            return;
        }
        for (Registered read : current) {
            if (read.asker.equals(self)) {
                local.onAnswer(read.nonce, read.slot, out);
            } else {
                out.sendNow(read.asker, new PaxosMessage.ReadIndexAnswer(read.nonce, read.slot));
            }
        }
        current = List.of();
    }
}
