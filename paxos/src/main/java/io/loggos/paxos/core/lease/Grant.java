package io.loggos.paxos.core.lease;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosMessage;
import org.jspecify.annotations.Nullable;

/**
 * The grant of an acceptor to a leader: the acceptor takes part in no phase 1 of another node until it ends.
 *
 * <p>It lasts for a time from the receipt of the question, so longer than the leader's {@link Lease} (RULES.md L-1). It is
 * not on disk. An acceptor that starts may have forgotten one, so it waits as long (RULES.md L-3).
 *
 * <p>A prepare that comes meanwhile is kept, and answered when the grant has ended: its candidate need not ask again.
 */
public final class Grant {
    /** A prepare that waits for the end of the grant. */
    public record Kept(NodeId from, PaxosMessage.Prepare prepare, long atNanos) {}

    private final Limits limits;

    /** The ballot of the leader that has the grant. Zero for that of an earlier life, whose leader is not known. */
    private Ballot ballot = Ballot.ZERO;

    private long round;
    /** The end of the grant. */
    private long untilNanos = Long.MIN_VALUE;
    /** The time for which it was given in this turn, or 0. */
    private long givenNanos;

    private @Nullable Kept kept;

    public Grant(Limits limits) {
        this.limits = limits;
    }

    /** Begins a life. A grant of the life before it has ended when this one ends. */
    public void start(long now) {
        if (limits.leaseNanos() > 0) {
            untilNanos = now + limits.electionNanos();
        }
    }

    /**
     * Grants what the leader of the promised ballot asks for.
     *
     * @return false if this node states no bound for its clock, or another election timeout
     */
    public boolean give(PaxosMessage.Confirm asked) {
        if (limits.leaseNanos() == 0 || asked.grantNanos() == 0 || asked.grantNanos() > limits.electionNanos()) {
            return false;
        }
        ballot = asked.ballot();
        round = asked.round();
        givenNanos = asked.grantNanos();
        return true;
    }

    /** Ends the grants of a ballot up to a round, because its leader has given its lease up. */
    public void release(PaxosMessage.Release release) {
        if (release.ballot().equals(ballot) && release.round() >= round) {
            untilNanos = Long.MIN_VALUE;
            givenNanos = 0;
        }
    }

    /**
     * Ends the grants of the configuration that has ended: their leases ended before its stop-sign (RULES.md R-5). A grant
     * of an earlier life stays, because it may be one of this configuration.
     */
    public void onConfiguration() {
        kept = null;
        if (!ballot.isZero()) {
            untilNanos = Long.MIN_VALUE;
            givenNanos = 0;
        }
    }

    /**
     * Counts a grant of this turn from now on.
     *
     * @param now a time that was read from the clock after the question had come
     */
    public void settle(long now) {
        if (givenNanos > 0) {
            untilNanos = now + givenNanos;
            givenNanos = 0;
        }
    }

    /** Tells if this acceptor takes no part in phase 1 of a node, this one included. */
    public boolean bars(NodeId candidate, long now) {
        return (givenNanos > 0 || now < untilNanos) && !ballot.isOf(candidate);
    }

    /** Keeps the prepare with the highest ballot until the grant has ended, but no longer than its candidate waits. */
    public void keep(NodeId from, PaxosMessage.Prepare prepare, long now) {
        if (kept == null || !prepare.ballot().isBelow(kept.prepare.ballot())) {
            kept = new Kept(from, prepare, now);
        }
    }

    /** True if a prepare waits. */
    public boolean isKeeping() {
        return kept != null;
    }

    /** Takes the prepare that may be answered now. Null if there is none. */
    public @Nullable Kept takeKept(long now) {
        Kept due = kept;
        if (due == null) {
            return null;
        }
        boolean lapsed = now - due.atNanos >= limits.electionNanos();
        if (!lapsed && bars(due.from, now)) {
            return null;
        }
        kept = null;
        return lapsed ? null : due;
    }
}
