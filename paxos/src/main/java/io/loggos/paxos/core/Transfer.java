package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.NodeId;
import io.loggos.api.replica.LeadershipTransferException.Reason;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.lease.Lease;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.TransferCaller;
import io.loggos.paxos.core.process.Outbox;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The planned hand-over of leadership to another replica, on the leader's side.
 *
 * <p>The leader asks the target what it has learned. Unless the target is far behind, the leader begins no further slot,
 * and commands wait. Once all its slots are chosen, it invites the target to begin phase 1 at once. The target's ballot
 * deposes it like any higher ballot, and the waiting commands go to the new leader. Compare Ongaro, <i>Consensus:
 * Bridging Theory and Practice</i>, section 3.10.
 *
 * <p>Before the invitation the leader gives up its lease, and ends the grants for it (RULES.md L-4).
 *
 * <p>If the target does not lead in time, this replica proposes again. An invitation only suggests a candidacy, so
 * ballots alone keep the log safe, whenever it arrives.
 */
final class Transfer {
    private enum Step {
        NONE,
        /** Waits for the status of the target. Proposals go on. */
        ASKS,
        /** Waits until all open slots are chosen. */
        DRAINS,
        /** Waits until the target leads. */
        INVITED
    }

    private final NodeId self;
    private final CurrentConfiguration configuration;
    private final Limits limits;
    private final Proposer proposer;
    private final Election election;
    private final StatusReports reports;
    private final Lease lease;
    private final Effects effects;

    private Step step = Step.NONE;
    private final List<TransferCaller> callers = new ArrayList<>();
    /** The replica that shall lead. Null as long as any may. */
    private @Nullable NodeId target;

    private Ballot ballot = Ballot.ZERO;
    private long deadlineNanos;

    Transfer(
            NodeId self,
            CurrentConfiguration configuration,
            Limits limits,
            Proposer proposer,
            Election election,
            StatusReports reports,
            Lease lease,
            Effects effects) {
        this.self = self;
        this.configuration = configuration;
        this.limits = limits;
        this.proposer = proposer;
        this.election = election;
        this.reports = reports;
        this.lease = lease;
        this.effects = effects;
    }

    /** True while a transfer is under way. */
    boolean isOpen() {
        return step != Step.NONE;
    }

    /**
     * Begins a transfer, or joins the one under way. {@link Effects#transferEnded} tells the caller its end.
     *
     * @param wanted the replica that shall lead; null for the first that has learned almost everything
     * @param patienceNanos the time after which this replica goes on as the leader, at most an election timeout; of several
     *     callers, the least
     */
    void begin(
            @Nullable NodeId wanted,
            TransferCaller caller,
            long patienceNanos,
            long now,
            Outbox<PaxosMessage, LogRecord> out) {
        long deadline = now + Math.min(patienceNanos, limits.electionNanos());
        Reason refusal = refusal(wanted);
        if (refusal != null || self.equals(wanted)) {
            effects.transferEnded(caller, refusal);
            return;
        }
        callers.add(caller);
        if (step != Step.NONE) {
            deadlineNanos = Math.min(deadlineNanos, deadline);
            return;
        }
        step = Step.ASKS;
        target = wanted;
        ballot = proposer.ballot();
        deadlineNanos = deadline;
        effects.note(PaxosEvent.TRANSFERS);
        for (NodeId peer : configuration.voters()) {
            if (isCandidate(peer)) {
                reports.resyncWith(peer, out);
            }
        }
    }

    private @Nullable Reason refusal(@Nullable NodeId wanted) {
        if (!proposer.leads()) {
            return Reason.NOT_LEADER;
        }
        if (wanted == null) {
            return configuration.voters().stream().anyMatch(this::isCandidate) ? null : Reason.UNREACHABLE_TARGET;
        }
        if (configuration.bit(wanted) == 0) {
            return Reason.UNKNOWN_TARGET;
        }
        if (!wanted.equals(self) && !election.mayLead(wanted)) {
            return Reason.UNREACHABLE_TARGET;
        }
        return step == Step.NONE || wanted.equals(target) ? null : Reason.BUSY;
    }

    private boolean isCandidate(NodeId peer) {
        return !peer.equals(self) && (target == null || peer.equals(target)) && election.mayLead(peer);
    }

    /** Takes the status of a peer, which may be the target's answer. */
    void onStatus(NodeId from, PaxosMessage.Status status) {
        if (step != Step.ASKS || !isCandidate(from)) {
            return;
        }
        long behind = proposer.chosenThrough() - status.chosenThrough();
        if (behind <= (long) Acceptor.ROOM_PER_WINDOW * limits.windowSlots()) {
            step = Step.DRAINS;
            target = from;
            proposer.hold(true);
        } else if (target != null) {
            end(Reason.TARGET_BEHIND);
        }
    }

    /** Takes the step that the events of this turn have made possible. */
    void advance(long now, Outbox<PaxosMessage, LogRecord> out) {
        if (step == Step.NONE) {
            return;
        }
        if (step == Step.INVITED && target != null && election.leader().isOf(target)) {
            end(null);
        } else if (!leadsInBallot()
                && (step != Step.INVITED || !election.leader().isZero())) {
            end(Reason.NOT_LEADER);
        } else if (now >= deadlineNanos) {
            end(Reason.TIMED_OUT);
        } else if (step == Step.DRAINS
                && proposer.openSlots() == 0
                && proposer.chosenThrough() >= proposer.firstOwnSlot()) {
            step = Step.INVITED;
            lease.giveUp(ballot, out);
            invite(out);
        }
    }

    /** Invites the target again on a new link, because the invitation may be lost. */
    void resendTo(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        if (step == Step.INVITED && peer.equals(target) && leadsInBallot()) {
            invite(out);
        }
    }

    private void invite(Outbox<PaxosMessage, LogRecord> out) {
        if (target != null) {
            out.sendNow(target, new PaxosMessage.Invite(ballot, proposer.chosenThrough()));
        }
    }

    private boolean leadsInBallot() {
        return proposer.leads() && proposer.ballot().equals(ballot);
    }

    /** Ends the transfer, because this replica takes no part any more. */
    void abandon() {
        if (step != Step.NONE) {
            end(Reason.NOT_LEADER);
        }
    }

    private void end(@Nullable Reason failure) {
        step = Step.NONE;
        target = null;
        proposer.hold(false);
        lease.resume(leadsInBallot() && !proposer.isStopping());
        effects.note(failure == null ? PaxosEvent.TRANSFERRED : PaxosEvent.TRANSFER_ABANDONED);
        List<TransferCaller> waiting = List.copyOf(callers);
        callers.clear();
        waiting.forEach(caller -> effects.transferEnded(caller, failure));
    }
}
