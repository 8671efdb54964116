package io.loggos.paxos.core.repair;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.process.RetryPause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The questions of a learner for chosen slots that it lacks, one at a time.
 *
 * <p>It asks the peer that is known to have them. If that peer has nothing, or does not answer, it asks the next
 * connected one. While a checkpoint is fetched, and in the pause after one that did not come, it asks for nothing.
 */
public final class LearnRequests {
    private final NodeId self;
    private final CurrentConfiguration configuration;
    private final Limits limits;
    private final Connectivity connectivity;

    private @Nullable NodeId source;
    private long askedAtNanos = Long.MIN_VALUE;
    private boolean asking;
    /** True if the last peer asked had no answer to give. */
    private boolean askedInVain;

    private long askedInVainSinceNanos;

    private boolean fetchingCheckpoint;
    /** The pause after a checkpoint that did not come, in which nothing is asked for. */
    private final RetryPause pause;

    public LearnRequests(
            NodeId self, LogId log, CurrentConfiguration configuration, Limits limits, Connectivity connectivity) {
        this.self = self;
        this.configuration = configuration;
        this.limits = limits;
        this.connectivity = connectivity;
        this.pause = new RetryPause(limits.heartbeatNanos(), 2 * limits.electionNanos(), log.value() ^ self.value());
    }

    /** Tells if no peer could give the missing slots for several election timeouts. */
    public boolean areInVain(long now) {
        return askedInVain && !fetchingCheckpoint && now - askedInVainSinceNanos > 3 * limits.electionNanos();
    }

    /** Notes the peer that has the missing slots. */
    public void prefer(NodeId informed) {
        source = informed;
    }

    /** Asks for a slot and those behind it, unless a peer was asked a short while ago. */
    public void ask(long slot, long now, Outbox<PaxosMessage, LogRecord> out) {
        long sinceAsked = now - askedAtNanos;
        if (waits(now)
                || (asking && sinceAsked < limits.electionNanos() / 2)
                || (askedInVain && sinceAsked < limits.heartbeatNanos())) {
            return;
        }
        if (asking) {
            nextSource();
        }
        send(slot, now, out);
    }

    /**
     * Asks a peer for a slot of which nobody knows that it is chosen.
     *
     * @param peer the peer; null for any that is connected
     */
    public void poll(@Nullable NodeId peer, long slot, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!waits(now) && (!asking || now - askedAtNanos >= limits.electionNanos() / 2)) {
            if (peer != null) {
                source = peer;
            } else {
                nextSource();
            }
            send(slot, now, out);
        }
    }

    private boolean waits(long now) {
        return fetchingCheckpoint || pause.lasts(now);
    }

    private void send(long slot, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (source == null || !connectivity.connected(source)) {
            nextSource();
        }
        if (source != null) {
            askedInVainSinceNanos = askedInVain ? askedInVainSinceNanos : now;
            asking = true;
            askedAtNanos = now;
            out.sendNow(source, new PaxosMessage.Learn(slot));
        }
    }

    /** Turns to the next connected peer, in the order of ids, or to no peer if none is connected. */
    private void nextSource() {
        List<NodeId> members = configuration.nodes();
        int start = source == null ? 0 : members.indexOf(source) + 1;
        for (int i = 0; i < members.size(); i++) {
            NodeId next = members.get((start + i) % members.size());
            if (!next.equals(self) && connectivity.connected(next)) {
                source = next;
                return;
            }
        }
        source = null;
    }

    /** The peer that is asked, or will be. Null if none is connected. */
    public @Nullable NodeId source() {
        return source;
    }

    /** Tells if a peer is the one that is asked. */
    public boolean isTo(NodeId peer) {
        return peer.equals(source);
    }

    /** Ends a question, because its answer is here. Returns false if no question was open. */
    public boolean endQuestion() {
        boolean asked = asking;
        asking = false;
        return asked;
    }

    /** Takes an answer with values. */
    public void onFound() {
        askedInVain = false;
    }

    /** Takes an answer without a value: the next question goes to the next peer. */
    public void onNothing() {
        askedInVain = true;
        nextSource();
    }

    /** Asks for nothing until a checkpoint has come, or has not. Returns false if one is fetched already. */
    public boolean beginFetch() {
        boolean begins = !fetchingCheckpoint;
        fetchingCheckpoint = true;
        return begins;
    }

    /** Asks again after a pause (RULES.md O-8), because no checkpoint came, or only a part of it. */
    public void onCheckpointMissed(boolean progressed, long now) {
        fetchingCheckpoint = false;
        asking = false;
        if (progressed) {
            pause.reset();
        } else {
            nextSource();
        }
        pause.begin(now);
    }

    /** Asks again at once, because a checkpoint has come. */
    public void onCheckpointInstalled() {
        fetchingCheckpoint = false;
        asking = false;
        pause.reset();
    }
}
