package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.lease.Grant;
import io.loggos.paxos.core.lease.Lease;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.request.ReadIndex;
import org.jspecify.annotations.Nullable;

/**
 * The way of this replica into leadership and out of it.
 *
 * <p>The {@link Election} tells when to become a candidate. A candidate or leader steps down for a higher ballot, and
 * when it has lost its quorum or cannot go on. All this concerns progress only (see {@link Election}).
 */
final class Leadership {
    private final CurrentConfiguration configuration;
    private final Election election;
    private final Proposer proposer;
    private final Acceptor acceptor;
    private final Learner learner;
    private final ReadIndex readIndex;
    private final Lease lease;
    private final Grant grant;
    private final Limits limits;
    private final Effects effects;

    /** True if an event since the last decision can change it. */
    private boolean changed = true;

    /** The invitation of a leader to take its place, until {@link #invitedUntilNanos}. */
    private PaxosMessage.@Nullable Invite invite;

    private long invitedUntilNanos;

    /** The end of the time in which the last leader of the configuration before becomes a candidate at once. */
    private long succeedsUntilNanos = Long.MIN_VALUE;

    private long preparingSinceNanos;
    private long leadingSinceNanos;

    Leadership(
            CurrentConfiguration configuration,
            Election election,
            Proposer proposer,
            Acceptor acceptor,
            Learner learner,
            ReadIndex readIndex,
            Lease lease,
            Grant grant,
            Limits limits,
            Effects effects) {
        this.configuration = configuration;
        this.election = election;
        this.proposer = proposer;
        this.acceptor = acceptor;
        this.learner = learner;
        this.readIndex = readIndex;
        this.lease = lease;
        this.grant = grant;
        this.limits = limits;
        this.effects = effects;
    }

    /** Notes an event after which the next {@link #decide} looks at everything again. */
    void reconsider() {
        changed = true;
    }

    /** Takes the status of a peer. */
    void onStatus(NodeId from, PaxosMessage.Status status) {
        changed = true;
        election.onStatus(from, status);
    }

    /** True while this replica waits for a leader, to become the leader, or as the leader for its disk. */
    boolean isOpen() {
        return !election.isContent() || proposer.phase() == Proposer.Phase.PREPARING || proposer.unwrittenSlots() > 0;
    }

    /** Finds the leader to follow, steps down or becomes a candidate, as the events of this turn require. */
    void decide(long now, Outbox<PaxosMessage, LogRecord> out) {
        if (changed || invite != null || now < succeedsUntilNanos || proposer.isLate(now)) {
            changed = false;
            elect(now, out);
        }
        if (!proposer.onLearned(learner.through())) {
            stepDown();
            election.onDeposed(now);
            elect(now, out);
        }
    }

    private void elect(long now, Outbox<PaxosMessage, LogRecord> out) {
        election.evaluate(acceptor.promised(), proposer.leads() ? proposer.ballot() : Ballot.ZERO, now);
        boolean lostQuorum = proposer.phase() != Proposer.Phase.IDLE && !election.quorumConnected();
        boolean tooLong =
                proposer.phase() == Proposer.Phase.PREPARING && now - preparingSinceNanos >= limits.electionNanos();
        // A leader that cannot learn for long may have lost its sources. Another leader may not depend on them.
        boolean starved =
                proposer.leads() && now - leadingSinceNanos > 3 * limits.electionNanos() && learner.starves(now);
        boolean late = proposer.isLate(now);
        if (late) {
            effects.note(PaxosEvent.DISK_LATE);
        }
        if (lostQuorum || tooLong || starved || late) {
            stepDown();
            election.onDeposed(now);
            election.evaluate(acceptor.promised(), Ballot.ZERO, now);
        }
        boolean idle = proposer.phase() == Proposer.Phase.IDLE;
        if (idle
                && configuration.mayVote()
                && !learner.isRepairing()
                && !grant.bars(configuration.self(), now)
                && (election.shouldCampaign(now) || isInvited(now) || succeeds(now))
                && !diskIsLate(now, out)) {
            succeedsUntilNanos = Long.MIN_VALUE;
            if (invite != null) {
                invite = null;
                effects.note(PaxosEvent.INVITED);
            }
            preparingSinceNanos = now;
            proposer.campaign(out);
        }
    }

    /** Takes the invitation of a leader, unless this node has promised a higher ballot. It lapses after a while. */
    void onInvite(PaxosMessage.Invite invitation, long now) {
        invite = invitation;
        invitedUntilNanos = now + limits.electionNanos();
    }

    private boolean isInvited(long now) {
        if (invite != null && (now >= invitedUntilNanos || acceptor.promised().isAbove(invite.ballot()))) {
            invite = null;
        }
        return invite != null && learner.through() >= invite.through() && election.quorumConnected();
    }

    private boolean succeeds(long now) {
        return now < succeedsUntilNanos && election.quorumConnected();
    }

    /**
     * Begins anew in another configuration, whose leader runs phase 1 among its voters.
     *
     * <p>The leader of the configuration before becomes a candidate at once, unless it has no vote any more.
     */
    void onConfiguration(long now) {
        boolean led = proposer.leads();
        stepDown();
        grant.onConfiguration();
        invite = null;
        election.onConfiguration(now);
        succeedsUntilNanos = led ? now + limits.electionNanos() : Long.MIN_VALUE;
    }

    /** A candidate's promise must be on disk before anybody hears of it, so a late disk makes a bid vain. */
    private boolean diskIsLate(long now, Outbox<PaxosMessage, LogRecord> out) {
        return out.writingSinceNanos() < now - limits.electionNanos();
    }

    /** Takes a promise, which may make this replica the leader. */
    void onPromise(NodeId from, PaxosMessage.Promise promise, long now) {
        if (proposer.onPromise(from, promise, now)) {
            leadingSinceNanos = now;
            if (!proposer.isStopping()) {
                lease.lead(now);
            }
            changed = true;
        }
    }

    /** Gives way to a ballot that this node is about to promise, if it is above the present promise. */
    void yieldTo(Ballot ballot, long now) {
        if (ballot.isAbove(acceptor.promised())) {
            changed = true;
            election.onPromised(now);
            if (proposer.phase() != Proposer.Phase.IDLE && ballot.isAbove(proposer.ballot())) {
                stepDown();
            }
        }
    }

    /** Steps down if an acceptor has refused the present ballot for a higher one. */
    void onRefused(PaxosMessage.Refused refused, long now) {
        proposer.onBallotSeen(refused.promised());
        if (proposer.phase() != Proposer.Phase.IDLE
                && refused.ballot().equals(proposer.ballot())
                && refused.promised().isAbove(proposer.ballot())) {
            stepDown();
            election.onPromised(now);
        }
    }

    private void stepDown() {
        proposer.stepDown();
        readIndex.stepDown();
        changed = true;
    }
}
