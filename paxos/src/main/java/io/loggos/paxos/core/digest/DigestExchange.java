package io.loggos.paxos.core.digest;

import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.DigestMark;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells the peers the digests of this replica, compares theirs, and halts this replica if it is the odd one out. */
public final class DigestExchange {
    /** Election timeouts to wait for the replicas that have not said theirs. */
    private static final int PATIENCE_ELECTIONS = 4;

    private final NodeId self;
    private final CurrentConfiguration configuration;
    private final Limits limits;
    private final Effects effects;
    /** Null if digests are not compared, or this replica is none of the voters. */
    private @Nullable DigestComparison comparison;

    private boolean diverged;

    /** Creates the exchange of one replica, which has said nothing yet. */
    public DigestExchange(NodeId self, CurrentConfiguration configuration, Limits limits, Effects effects) {
        this.self = self;
        this.configuration = configuration;
        this.limits = limits;
        this.effects = effects;
        onConfiguration();
    }

    /** Begins anew among the voters of another configuration. */
    public void onConfiguration() {
        comparison = limits.digestSlots() == 0 || !configuration.isVoter()
                ? null
                : new DigestComparison(
                        self, configuration.get(), limits.digestSlots(), PATIENCE_ELECTIONS * limits.electionNanos());
    }

    /** Takes new marks of this replica, and tells them to all peers. */
    public void onApplied(List<DigestMark> marks, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (comparison == null) {
            return;
        }
        configuration.sendToVoters(new PaxosMessage.Digests(marks), out);
        add(self, marks, now);
    }

    /** Takes the marks of a peer. */
    public void onDigests(NodeId from, PaxosMessage.Digests digests, long now) {
        if (comparison != null && !from.equals(self)) {
            add(from, digests.marks(), now);
        }
    }

    private void add(NodeId voter, List<DigestMark> marks, long now) {
        if (comparison != null) {
            for (DigestMark mark : marks) {
                comparison.add(voter, mark);
            }
            check(now);
        }
    }

    /** Sends a peer all marks that are kept, because earlier messages may be lost. */
    public void sendTo(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        if (comparison != null) {
            List<DigestMark> own = comparison.own();
            if (!own.isEmpty()) {
                out.sendNow(peer, new PaxosMessage.Digests(own));
            }
        }
    }

    /** Begins anew behind a checkpoint of another replica. */
    public void onCheckpointInstalled() {
        if (comparison != null) {
            comparison.forgetOwn();
        }
    }

    /** Halts this replica if it has diverged, as far as is known at this time. */
    public void check(long now) {
        DigestComparison.Divergence divergence = comparison == null || diverged ? null : comparison.judge(now);
        if (divergence != null) {
            diverged = true;
            effects.note(PaxosEvent.DIVERGED);
            effects.halt(divergence.toString());
        }
    }

    /** True if there is a difference that waits for time or for further marks. */
    public boolean isOpen() {
        return comparison != null && comparison.isOpen();
    }

    /** The last slot at which this replica has agreed with a quorum, or 0. */
    public long agreedSlot() {
        return comparison == null ? 0 : comparison.agreedSlot();
    }
}
