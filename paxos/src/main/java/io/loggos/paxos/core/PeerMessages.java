package io.loggos.paxos.core;

import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.digest.DigestExchange;
import io.loggos.paxos.core.lease.Grant;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.skip.Skips;

/** The messages of the peers, each passed to the roles that it concerns. */
final class PeerMessages implements PaxosMessage.Handler {
    private final CurrentConfiguration configuration;
    private final Acceptor acceptor;
    private final Learner learner;
    private final Proposer proposer;
    private final Leadership leadership;
    private final StatusReports reports;
    private final RequestRouting routing;
    private final DigestExchange digests;
    private final Transfer transfer;
    private final Grant grant;
    private final Skips skips;
    private final Effects effects;

    PeerMessages(
            CurrentConfiguration configuration,
            Acceptor acceptor,
            Learner learner,
            Proposer proposer,
            Leadership leadership,
            StatusReports reports,
            RequestRouting routing,
            DigestExchange digests,
            Transfer transfer,
            Grant grant,
            Skips skips,
            Effects effects) {
        this.configuration = configuration;
        this.acceptor = acceptor;
        this.learner = learner;
        this.proposer = proposer;
        this.leadership = leadership;
        this.reports = reports;
        this.routing = routing;
        this.digests = digests;
        this.transfer = transfer;
        this.grant = grant;
        this.skips = skips;
        this.effects = effects;
    }

    /** Takes a message of a peer that stands in the configuration with this number. */
    void take(
            NodeId from,
            long number,
            boolean isMember,
            PaxosMessage message,
            long now,
            Outbox<PaxosMessage, LogRecord> out) {
        if (number == configuration.number() && isMember) {
            message.dispatch(from, now, out, this);
        } else {
            onForeign(from, number, message, now, out);
        }
    }

    /**
     * Takes a message of a node that stands in another configuration of this log, or is no member of this one.
     *
     * <p>What is chosen is chosen for all. Everything else in it has no meaning here. The node that is behind learns from
     * a status that there is more to learn.
     */
    private void onForeign(
            NodeId from, long number, PaxosMessage message, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (message instanceof PaxosMessage.Skip skip) {
            onSkip(from, number, skip, out);
        } else if (message instanceof PaxosMessage.Learn || message instanceof PaxosMessage.Learned) {
            skips.sendTo(from, out); // Before any slot that it must not apply.
            message.dispatch(from, now, out, this);
        } else if (message instanceof PaxosMessage.Status status) {
            learner.knowChosen(status.chosenThrough(), from);
            if (number < configuration.number() || status.resync()) {
                reports.sendTo(from, out);
            }
        } else {
            effects.note(PaxosEvent.FOREIGN_CONFIGURATION);
            if (number > configuration.number()) {
                learner.poll(from, now, out);
            } else {
                reports.sendTo(from, out);
            }
        }
    }

    @Override
    public void onStatus(NodeId from, PaxosMessage.Status status, long now, Outbox<PaxosMessage, LogRecord> out) {
        leadership.onStatus(from, status);
        if (acceptor.plausible(status.promised())) {
            proposer.onBallotSeen(status.promised());
        }
        learner.knowChosen(status.chosenThrough(), from);
        transfer.onStatus(from, status);
        if (status.resync()) {
            skips.sendTo(from, out); // Before any slot that it must not apply.
            reports.sendTo(from, out);
            proposer.resendTo(from, out);
            digests.sendTo(from, out);
        }
    }

    @Override
    public void onPrepare(NodeId from, PaxosMessage.Prepare prepare, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!configuration.mayVote() || !acceptor.isBallotOf(from, prepare.ballot())) {
            return;
        }
        if (learner.isRepairing()) {
            // Its "chosen through" would keep the new leader from proposing a slot that this node cannot tell any more.
            effects.note(PaxosEvent.NO_PROMISE_DURING_REPAIR);
            return;
        }
        if (grant.bars(from, now) && prepare.ballot().isAbove(acceptor.promised())) {
            grant.keep(from, prepare, now);
            effects.note(PaxosEvent.KEEPS_PREPARE);
            return;
        }
        leadership.yieldTo(prepare.ballot(), now);
        acceptor.onPrepare(from, prepare, learner.through(), learner.truncatedBelow(), out);
    }

    /** Answers the prepare that was kept, once the grant has ended. */
    void answerKept(long now, Outbox<PaxosMessage, LogRecord> out) {
        Grant.Kept kept = grant.takeKept(now);
        if (kept != null) {
            onPrepare(kept.from(), kept.prepare(), now, out);
        }
    }

    @Override
    public void onPromise(NodeId from, PaxosMessage.Promise promise, long now, Outbox<PaxosMessage, LogRecord> out) {
        leadership.onPromise(from, promise, now);
    }

    @Override
    public void onAccept(NodeId from, PaxosMessage.Accept accept, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!configuration.mayVote() || !acceptor.isBallotOf(from, accept.ballot())) {
            return;
        }
        leadership.yieldTo(accept.ballot(), now);
        if (accept.slot() <= learner.through()) {
            reports.sendTo(from, out);
        } else {
            acceptor.onAccept(from, accept, learner.through(), out);
        }
        learner.onChosen(from, accept.ballot(), accept.chosenThrough());
    }

    @Override
    public void onAccepted(NodeId from, PaxosMessage.Accepted accepted, long now, Outbox<PaxosMessage, LogRecord> out) {
        proposer.onAccepted(from, accepted);
    }

    @Override
    public void onRefused(NodeId from, PaxosMessage.Refused refused, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!acceptor.plausible(refused.promised())) {
            effects.note(PaxosEvent.IMPLAUSIBLE_BALLOT);
            return;
        }
        leadership.onRefused(refused, now);
    }

    @Override
    public void onChosen(NodeId from, PaxosMessage.Chosen chosen, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (acceptor.isBallotOf(from, chosen.ballot())) {
            learner.onChosen(from, chosen.ballot(), chosen.through());
        }
    }

    @Override
    public void onLearn(NodeId from, PaxosMessage.Learn learn, long now, Outbox<PaxosMessage, LogRecord> out) {
        learner.onLearn(from, learn, out);
    }

    @Override
    public void onLearned(NodeId from, PaxosMessage.Learned learned, long now, Outbox<PaxosMessage, LogRecord> out) {
        boolean repairing = learner.isRepairing();
        learner.onLearned(from, learned, out);
        if (repairing && !learner.isRepairing()) {
            reports.resyncWithAll(out);
        }
    }

    @Override
    public void onForward(NodeId from, PaxosMessage.Forward forward, long now, Outbox<PaxosMessage, LogRecord> out) {
        routing.onForward(from, forward, out);
    }

    @Override
    public void onReadIndex(
            NodeId from, PaxosMessage.ReadIndex request, long now, Outbox<PaxosMessage, LogRecord> out) {
        routing.onReadIndex(from, request, now);
    }

    @Override
    public void onReadIndexAnswer(
            NodeId from, PaxosMessage.ReadIndexAnswer answer, long now, Outbox<PaxosMessage, LogRecord> out) {
        routing.onReadIndexAnswer(answer, out);
    }

    @Override
    public void onConfirm(NodeId from, PaxosMessage.Confirm confirm, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (configuration.mayVote() && acceptor.isBallotOf(from, confirm.ballot())) {
            acceptor.onConfirm(from, confirm, grant, out);
        }
    }

    @Override
    public void onConfirmed(
            NodeId from, PaxosMessage.Confirmed confirmed, long now, Outbox<PaxosMessage, LogRecord> out) {
        routing.onConfirmed(from, confirmed, now, out);
    }

    @Override
    public void onDigests(NodeId from, PaxosMessage.Digests marks, long now, Outbox<PaxosMessage, LogRecord> out) {
        digests.onDigests(from, marks, now);
    }

    @Override
    public void onSkip(NodeId from, PaxosMessage.Skip skip, Outbox<PaxosMessage, LogRecord> out) {
        onSkip(from, configuration.number(), skip, out);
    }

    /** Takes a step of the agreement to skip a slot, from a node in any configuration of the log. */
    void onSkip(NodeId from, long number, PaxosMessage.Skip skip, Outbox<PaxosMessage, LogRecord> out) {
        if (learner.plausible(skip.slot())) {
            skips.onSkip(from, number, skip, out);
        } else {
            effects.note(PaxosEvent.IMPLAUSIBLE_SLOT);
        }
    }

    @Override
    public void onInvite(NodeId from, PaxosMessage.Invite invite, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (acceptor.isBallotOf(from, invite.ballot()) && learner.plausible(invite.through())) {
            learner.onChosen(from, invite.ballot(), invite.through());
            leadership.onInvite(invite, now);
        }
    }

    @Override
    public void onRelease(NodeId from, PaxosMessage.Release release, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (acceptor.isBallotOf(from, release.ballot())) {
            grant.release(release);
        }
    }
}
