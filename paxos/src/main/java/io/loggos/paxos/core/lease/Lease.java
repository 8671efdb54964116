package io.loggos.paxos.core.lease;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;

/**
 * The lease of a leader: the time in which it answers reads alone.
 *
 * <p>In a round of confirmations the leader asks the acceptors for a {@link Grant}. If a quorum grants, nobody else can
 * complete phase 1 for an election timeout. So no other leader can have a value chosen, and this one knows all that are.
 * Compare Ongaro, <i>Consensus: Bridging Theory and Practice</i>, section 6.4.1, and Gray and Cheriton, <i>Leases</i>,
 * SOSP 1989.
 *
 * <p>The lease begins before the question leaves, and each grant when the question has come. Any two clocks may go
 * wrong in opposite directions, so the lease is shorter than the grants by twice the bound (RULES.md L-1).
 */
public final class Lease {
    private final Configuration configuration;
    private final NodeId self;
    private final Limits limits;

    /** True while this replica leads, and does not hand its leadership over. */
    private boolean mayAsk;
    /** True if a read has wanted a lease since a lease was last asked for. */
    private boolean wanted;
    /** The last time at which a quorum is known to have answered this leader. */
    private long quorumAtNanos;

    /** The last round that asked for grants. The numbers of rounds rise over all ballots of this life. */
    private long round;
    /** True while the grants of that round may make a lease. */
    private boolean asking;

    private long grants;
    private long askedAtNanos;
    private long askedAtMillis;

    private boolean held;
    private long sinceNanos;
    private long sinceMillis;

    public Lease(NodeId self, Configuration configuration, Limits limits) {
        this.self = self;
        this.configuration = configuration;
        this.limits = limits;
    }

    /** Begins a leadership, without a lease. A quorum has just promised. */
    public void lead(long now) {
        end();
        mayAsk = limits.leaseNanos() > 0;
        quorumAtNanos = now;
    }

    /** Ends the leadership, and its lease. */
    public void end() {
        mayAsk = false;
        held = false;
        asking = false;
    }

    /** Gives the lease up before another replica is invited to lead (RULES.md L-4), and ends the grants for it. */
    public void giveUp(Ballot ballot, Outbox<PaxosMessage, LogRecord> out) {
        end();
        for (NodeId peer : configuration.voters()) {
            if (round > 0 && !peer.equals(self)) {
                out.sendNow(peer, new PaxosMessage.Release(ballot, round));
            }
        }
    }

    /** Lets a leader that has given its lease up take another one. */
    public void resume(boolean leads) {
        mayAsk = leads && limits.leaseNanos() > 0;
    }

    /** Notes a read that a lease would serve. */
    public void want() {
        wanted = true;
    }

    /** Notes that a quorum has confirmed the ballot. */
    public void confirmed(long now) {
        quorumAtNanos = now;
    }

    /**
     * Tells if a round should ask for grants.
     *
     * <p>Reads must want it. The lease must be half over, or that which was asked for last if it has not come. And a
     * quorum must have answered within an election timeout: a leader that reaches some acceptors and no quorum must not
     * keep them from another leader (RULES.md L-9).
     */
    public boolean isDue(long now) {
        boolean reachesQuorum = now - quorumAtNanos < limits.electionNanos();
        return wanted && mayAsk && reachesQuorum && isHalfOver(now);
    }

    private boolean isHalfOver(long now) {
        return !(asking || held) || now - (asking ? askedAtNanos : sinceNanos) >= limits.leaseNanos() / 2;
    }

    /**
     * Asks for grants in a round that begins now.
     *
     * @return the time that each acceptor is asked for
     */
    public long ask(long newRound, long now, long wallMillis) {
        wanted = false;
        asking = true;
        round = newRound;
        askedAtNanos = now;
        askedAtMillis = wallMillis;
        grants = 0;
        granted(self, newRound, now);
        return limits.electionNanos();
    }

    /**
     * Counts a grant. That of this node needs no {@link Grant}: it gives up its lease when it promises another ballot.
     *
     * @return true if the lease is renewed by it
     */
    public boolean granted(NodeId from, long grantedRound, long now) {
        if (!asking || grantedRound != round) {
            return false;
        }
        grants |= configuration.bit(from);
        if (!configuration.isQuorum(grants)) {
            return false;
        }
        asking = false;
        held = true;
        quorumAtNanos = now;
        sinceNanos = askedAtNanos;
        sinceMillis = askedAtMillis;
        return true;
    }

    /**
     * Tells if the leader has the lease.
     *
     * <p>It has had it at all times before, too. So a read that came before is answered from it, if {@code now} was read
     * from the clock after the read had come (RULES.md L-2). The wall clock counts besides: the monotonic clock of a
     * virtual machine may stand still while the machine is suspended.
     */
    public boolean holds(long now, long wallMillis) {
        return held
                && now - sinceNanos < limits.leaseNanos()
                && wallMillis - sinceMillis < limits.leaseNanos() / 1_000_000 + 1;
    }

    /** The end of the lease in monotonic time, by this node's clock; {@link Long#MIN_VALUE} if there is none. */
    public long endNanos() {
        return held ? sinceNanos + limits.leaseNanos() : Long.MIN_VALUE;
    }
}
