package io.loggos.paxos.core;

import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.digest.DigestExchange;
import io.loggos.paxos.core.lease.Lease;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.skip.Skips;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The change of this log to another configuration, by a stop-sign in the log.
 *
 * <p>The leader proposes the stop-sign, and nothing behind it. A replica that has learned the stop-sign stands in the next
 * configuration. It answers no message of the last one any more, except with what is chosen. So whoever promises in the
 * next configuration has everything before it on disk (RULES.md R-4). Compare Lamport, Malkhi and Zhou, <i>Stoppable
 * Paxos</i>, and <i>Reconfiguring a State Machine</i>, section 3.
 */
final class Reconfiguration {
    /** Attempts to hand the leadership over to a node that goes on voting. */
    private static final int MOST_TRANSFERS = 3;

    private final CurrentConfiguration configuration;
    private final Learner learner;
    private final Proposer proposer;
    private final Election election;
    private final Leadership leadership;
    private final StatusReports reports;
    private final DigestExchange digests;
    private final Transfer transfer;
    private final Lease lease;
    private final Skips skips;
    private final Effects effects;

    /** The configuration in which this log shall stand; null if there is none to come. */
    private @Nullable Configuration target;

    private int transfers;

    Reconfiguration(
            CurrentConfiguration configuration,
            Learner learner,
            Proposer proposer,
            Election election,
            Leadership leadership,
            StatusReports reports,
            DigestExchange digests,
            Transfer transfer,
            Lease lease,
            Skips skips,
            Effects effects) {
        this.configuration = configuration;
        this.learner = learner;
        this.proposer = proposer;
        this.election = election;
        this.leadership = leadership;
        this.reports = reports;
        this.digests = digests;
        this.transfer = transfer;
        this.lease = lease;
        this.skips = skips;
        this.effects = effects;
    }

    /** Sets the configuration in which this log shall stand. A number that is not above the present one has no effect. */
    void aim(Configuration next) {
        if (next.number() > configuration.number() && (target == null || next.number() > target.number())) {
            target = next;
            transfers = 0;
        }
    }

    /** True while the log shall change to another configuration. */
    boolean isOpen() {
        return target != null;
    }

    /**
     * Takes the next step to the target, if this node leads: hands over if it will have no vote, else stops the log.
     *
     * <p>The members stay while they agree to skip a slot. A lease ends before the stop-sign is proposed (RULES.md R-5).
     */
    void advance(long now, Outbox<PaxosMessage, LogRecord> out) {
        Configuration next = target;
        if (next == null || !proposer.leads() || transfer.isOpen() || skips.heldSlot() != 0) {
            return;
        }
        NodeId successor =
                next.voters().contains(configuration.self()) || transfers == MOST_TRANSFERS ? null : successorIn(next);
        if (successor == null) {
            if (!proposer.isStopping()) {
                lease.giveUp(proposer.ballot(), out);
            }
            proposer.stopWith(next);
        } else {
            transfers++;
            transfer.begin(successor, unused -> {}, Long.MAX_VALUE, now, out);
        }
    }

    /** A node that votes now and will, and may lead. Null if there is none. */
    private @Nullable NodeId successorIn(Configuration next) {
        for (NodeId voter : next.voters()) {
            if (configuration.bit(voter) != 0 && election.mayLead(voter)) {
                return voter;
            }
        }
        return null;
    }

    /** Enters the configuration of a stop-sign, if one was learned since the last call. */
    void enterLearned(long now, Outbox<PaxosMessage, LogRecord> out) {
        Configuration next = learner.next();
        if (next != null) {
            enter(next, now, out);
        }
    }

    /** Enters a configuration behind a fetched checkpoint, unless this replica stands in it or a later one. */
    void enterInstalled(@Nullable Configuration ofCheckpoint, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (ofCheckpoint != null && ofCheckpoint.number() > configuration.number()) {
            enter(ofCheckpoint, now, out);
        }
    }

    private void enter(Configuration next, long now, Outbox<PaxosMessage, LogRecord> out) {
        TreeSet<NodeId> concerned = new TreeSet<>(configuration.nodes());
        if (proposer.leads()) {
            // The others stand in the configuration that ends, and take this for a message of it.
            proposer.announce(out);
        }
        learner.enter(next, out);
        configuration.enter(next);
        leadership.onConfiguration(now);
        digests.onConfiguration();
        skips.onConfiguration();
        if (target != null && target.number() <= next.number()) {
            target = null;
        }
        effects.note(PaxosEvent.ENTERS_CONFIGURATION);
        effects.configured(next);
        concerned.addAll(next.nodes());
        concerned.remove(configuration.self());
        concerned.forEach(peer -> reports.resyncWith(peer, out));
    }
}
