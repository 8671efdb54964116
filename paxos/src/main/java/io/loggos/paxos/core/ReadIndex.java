package io.loggos.paxos.core;

import io.loggos.api.NodeId;
import io.loggos.api.process.Outbox;
import io.loggos.api.spi.LogRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * The leader's side of linearizable reads: takes the slot when a read is registered, and answers once a
 * quorum has confirmed the ballot in a round that began after that. A confirmation says that the acceptor has
 * promised no higher ballot, so no other leader can have had anything chosen before the round began. Reads
 * that come while a round is out share the next one.
 */
final class ReadIndex {
    private record Registered(NodeId asker, long nonce, long slot) {}

    private final NodeId self;
    private final Configuration configuration;
    private final Proposer proposer;
    private final Reads local;
    private final Limits limits;

    private List<Registered> next = new ArrayList<>();
    private List<Registered> current = List.of();
    /** Rises with every round of this life, over all ballots. */
    private long round;

    private long confirmations;
    private long startedAtNanos;

    ReadIndex(NodeId self, Configuration configuration, Proposer proposer, Reads local, Limits limits) {
        this.self = self;
        this.configuration = configuration;
        this.proposer = proposer;
        this.local = local;
        this.limits = limits;
    }

    boolean isEmpty() {
        return next.isEmpty() && current.isEmpty();
    }

    /**
     * Registers a read at the slot that is chosen now, but at least the first one of the own ballot: what was
     * acknowledged by earlier leaders lies below that.
     */
    void register(NodeId asker, long nonce) {
        long slot = Math.max(proposer.chosenThrough(), proposer.firstOwnSlot());
        next.add(new Registered(asker, nonce, slot));
    }

    /** Begins a round if reads wait and none is out, or the one that is out has had no answer for long. */
    void startRound(long now, Outbox<PaxosMessage, LogRecord> out) {
        boolean late = now - startedAtNanos >= 2 * limits.heartbeatNanos();
        if (!proposer.leads() || (current.isEmpty() ? next.isEmpty() : !late)) {
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
        for (NodeId peer : configuration.voters()) {
            if (!peer.equals(self)) {
                out.sendNow(peer, new PaxosMessage.Confirm(proposer.ballot(), round));
            }
        }
        answerIfConfirmed(out);
    }

    void onConfirmed(NodeId from, PaxosMessage.Confirmed confirmed, Outbox<PaxosMessage, LogRecord> out) {
        if (proposer.leads()
                && confirmed.ballot().equals(proposer.ballot())
                && confirmed.round() == round
                && !current.isEmpty()) {
            confirmations |= configuration.bit(from);
            answerIfConfirmed(out);
        }
    }

    /** A peer's link began anew, perhaps with a new life: it will ask again. */
    void forget(NodeId peer) {
        next.removeIf(read -> read.asker.equals(peer));
        current = new ArrayList<>(current);
        current.removeIf(read -> read.asker.equals(peer));
    }

    /** Forgets all reads: who asked will ask again, somebody else. */
    void stepDown() {
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
