package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The learner of one log (<i>Paxos Made Simple</i>, section 2.3).
 *
 * <p>It knows which values are chosen, without a gap, and fetches the values that it missed. A value accepted here is
 * the chosen one only if it was accepted in the ballot that the leader names (RULES.md P-9). Any other value is
 * fetched.
 */
final class Learner {
    private static final int ANSWER_BYTES = 1 << 20;
    /** Greatest number of learned slots, under load, that the disk does not know of. */
    private static final int MOST_UNPERSISTED = 32;

    private final NodeId self;
    private final LogId log;
    private final Configuration configuration;
    private final Limits limits;
    private final Acceptor acceptor;
    private final Connectivity connectivity;
    private final Effects effects;

    /** The last slot up to which all chosen values are in the log or in a checkpoint. */
    private long through;

    private long persistedThrough;
    private long truncatedBelow;
    /** The last slot up to which all slots are chosen, wherever their values are. */
    private long knownThrough;
    /** The last slots up to {@link #through}. */
    private final RecentEntries recent;

    private long logTimeMillis;

    /** The newest durable, verified checkpoint here. */
    private long checkpointSlot;
    /** A slot below {@link #through} whose record is damaged or missing, or 0. */
    private long repairSlot;

    private @Nullable NodeId source;
    private long askedAtNanos = Long.MIN_VALUE;
    private boolean asking;
    /** True if the last peer asked had no answer to give. */
    private boolean askedInVain;

    private long askedInVainSinceNanos;

    private boolean fetchingCheckpoint;

    Learner(
            NodeId self,
            LogId log,
            Configuration configuration,
            Limits limits,
            Acceptor acceptor,
            Connectivity connectivity,
            OpenedLog opened,
            Effects effects) {
        this.self = self;
        this.log = log;
        this.configuration = configuration;
        this.limits = limits;
        this.acceptor = acceptor;
        this.connectivity = connectivity;
        this.effects = effects;
        this.through = opened.through();
        this.persistedThrough = through;
        this.truncatedBelow = opened.truncatedBelow();
        this.checkpointSlot = opened.checkpointSlot();
        this.knownThrough = through;
        this.recent = new RecentEntries(limits.cacheBytes());
    }

    long through() {
        return through;
    }

    long knownThrough() {
        return knownThrough;
    }

    long truncatedBelow() {
        return truncatedBelow;
    }

    long logTimeMillis() {
        return logTimeMillis;
    }

    boolean behind() {
        return knownThrough > through || repairSlot != 0;
    }

    /** True if the record of a chosen slot is damaged or missing, and not fetched yet. */
    boolean isRepairing() {
        return repairSlot != 0;
    }

    boolean isRepairing(long slot) {
        return repairSlot == slot;
    }

    /** Tells if no peer could give the missing slots for several election timeouts. */
    boolean starves(long now) {
        return behind()
                && askedInVain
                && !fetchingCheckpoint
                && now - askedInVainSinceNanos > 3 * limits.electionNanos();
    }

    /** Returns a chosen entry that is still in memory, or null. */
    @Nullable
    LogEntry cached(long slot) {
        return recent.get(slot);
    }

    /** Reports that the state machine was given all slots up to this one. */
    void given(long through) {
        recent.given(through);
    }

    /**
     * Phase 3: learns that all slots up to {@code chosen} are chosen.
     *
     * <p>The slots that the leader proposed in {@code ballot} are chosen with the values of that ballot.
     */
    void onChosen(NodeId from, Ballot ballot, long chosen) {
        while (through < chosen) {
            LogEntry entry = acceptor.accepted(through + 1);
            // A value of an older ballot need not be the chosen one.
            if (entry == null || !entry.ballot().equals(ballot)) {
                break;
            }
            learn(entry);
        }
        knowChosen(chosen, from);
    }

    /** Notes that slots are chosen, and the peer that has their values. */
    void knowChosen(long chosen, NodeId informed) {
        knownThrough = Math.max(knownThrough, chosen);
        if (chosen > through && !informed.equals(self)) {
            source = informed;
        }
    }

    /** Notes that the record of a chosen slot cannot be read and must come from another node. */
    void repair(long slot) {
        if (configuration.voters().size() == 1) {
            effects.halt("slot " + slot + " is damaged on disk, and no other node has it");
            return;
        }
        if (repairSlot == 0) {
            effects.note(PaxosEvent.REPAIRS_SLOT);
        }
        repairSlot = slot;
    }

    /** Asks a peer for the missing slots, unless a peer was asked a short while ago. */
    void pull(long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!behind() || fetchingCheckpoint) {
            return;
        }
        long sinceAsked = now - askedAtNanos;
        if ((asking && sinceAsked < limits.electionNanos() / 2)
                || (askedInVain && sinceAsked < limits.heartbeatNanos())) {
            return;
        }
        if (asking) {
            nextSource();
        }
        ask(now, out);
    }

    /** Asks a peer for chosen slots, without knowing that there are any. */
    void poll(NodeId peer, long now, Outbox<PaxosMessage, LogRecord> out) {
        if (!fetchingCheckpoint && (!asking || now - askedAtNanos >= limits.electionNanos() / 2)) {
            source = peer;
            ask(now, out);
        }
    }

    private void ask(long now, Outbox<PaxosMessage, LogRecord> out) {
        if (source == null || !connectivity.connected(source)) {
            nextSource();
        }
        if (source != null) {
            askedInVainSinceNanos = askedInVain ? askedInVainSinceNanos : now;
            asking = true;
            askedAtNanos = now;
            out.sendNow(source, new PaxosMessage.Learn(wanted()));
        }
    }

    private long wanted() {
        return repairSlot != 0 ? repairSlot : through + 1;
    }

    /** Turns to the next connected peer, in the order of ids, or to no peer if none is connected. */
    private void nextSource() {
        List<NodeId> voters = configuration.voters();
        int start = source == null ? 0 : voters.indexOf(source) + 1;
        for (int i = 0; i < voters.size(); i++) {
            NodeId next = voters.get((start + i) % voters.size());
            if (!next.equals(self) && connectivity.connected(next)) {
                source = next;
                return;
            }
        }
        source = null;
    }

    /** Answers a peer that asks for chosen values. */
    void onLearn(NodeId from, PaxosMessage.Learn learn, Outbox<PaxosMessage, LogRecord> out) {
        if (learn.fromSlot() < 1) {
            effects.note(PaxosEvent.ASKED_BELOW_FIRST_SLOT);
        } else if (learn.fromSlot() > through || learn.fromSlot() < truncatedBelow) {
            answer(from, learn.fromSlot(), List.of(), out);
        } else if (recent.get(learn.fromSlot()) == null) {
            effects.readLog(from, learn.fromSlot(), through);
        } else {
            List<LogEntry> entries = new ArrayList<>();
            long bytes = 0;
            LogEntry entry = recent.get(learn.fromSlot());
            while (entry != null && bytes < ANSWER_BYTES) {
                entries.add(entry);
                bytes += entry.value().size();
                entry = recent.get(entry.slot() + 1);
            }
            answer(from, learn.fromSlot(), entries, out);
        }
    }

    /**
     * Answers a peer from the disk, up to the first gap or damaged record. Repairs the first slot if it is damaged.
     *
     * <p>If a checkpoint here covers that slot, perhaps no peer has it any more. Then the log begins behind the
     * checkpoint.
     */
    void onLogRead(NodeId requester, long fromSlot, List<LogEntry> entries, Outbox<PaxosMessage, LogRecord> out) {
        List<LogEntry> sound = new ArrayList<>();
        for (LogEntry entry : entries) {
            if (entry.faulty() || entry.slot() != fromSlot + sound.size()) {
                break;
            }
            sound.add(entry);
        }
        if (sound.isEmpty() && fromSlot >= truncatedBelow && fromSlot <= checkpointSlot) {
            truncateBelow(checkpointSlot + 1, out);
        } else if (sound.isEmpty() && fromSlot >= truncatedBelow && repairSlot == 0) {
            repair(fromSlot);
        }
        answer(requester, fromSlot, sound, out);
    }

    private void answer(NodeId to, long fromSlot, List<LogEntry> entries, Outbox<PaxosMessage, LogRecord> out) {
        out.sendNow(to, new PaxosMessage.Learned(fromSlot, through, truncatedBelow, List.copyOf(entries)));
    }

    /** Takes chosen values from a peer. */
    void onLearned(NodeId from, PaxosMessage.Learned learned, Outbox<PaxosMessage, LogRecord> out) {
        knowChosen(learned.chosenThrough(), from);
        if (learned.fromSlot() != wanted() || !from.equals(source)) {
            return;
        }
        asking = false;
        if (learned.entries().isEmpty()) {
            if (learned.fromSlot() < learned.truncatedBelow() && !fetchingCheckpoint) {
                fetchingCheckpoint = true;
                effects.fetchCheckpoint(from, learned.fromSlot());
            } else if (behind()) {
                askedInVain = true;
                nextSource();
            }
            return;
        }
        askedInVain = false;
        for (LogEntry entry : learned.entries()) {
            if (entry.slot() == repairSlot) {
                out.persist(new LogRecord.Learned(log, entry.slot(), entry.ballot(), entry.value()));
                repairSlot = 0;
            } else if (entry.slot() == through + 1) {
                learnFrom(entry, out);
            }
        }
        persistThrough(out);
    }

    /** Learns the next slot. A value accepted here in a higher ballot is the same value, and stays. */
    private void learnFrom(LogEntry entry, Outbox<PaxosMessage, LogRecord> out) {
        LogEntry own = acceptor.accepted(entry.slot());
        if (own == null || own.ballot().isBelow(entry.ballot())) {
            out.persist(new LogRecord.Learned(log, entry.slot(), entry.ballot(), entry.value()));
            learn(entry);
        } else if (own.value().equals(entry.value())) {
            learn(own);
        } else {
            effects.halt("slot " + entry.slot() + " has another value in ballot " + own.ballot()
                    + " than the one that is chosen in " + entry.ballot());
        }
    }

    /** Turns to another peer, because no checkpoint came. */
    void onCheckpointMissed() {
        fetchingCheckpoint = false;
        asking = false;
        nextSource();
    }

    /** Goes on behind a checkpoint that is durable here. Values accepted above it stay. */
    void onCheckpointInstalled(long slot, Outbox<PaxosMessage, LogRecord> out) {
        fetchingCheckpoint = false;
        asking = false;
        checkpointSlot = Math.max(checkpointSlot, slot);
        if (repairSlot <= slot) {
            repairSlot = 0;
        }
        if (slot > through) {
            through = slot;
            knownThrough = Math.max(knownThrough, slot);
            acceptor.learnedThrough(slot);
            recent.clear();
        }
        persistThrough(out);
        truncateBelow(slot + 1, out);
    }

    /** Takes a durable checkpoint of this replica, and lets the log begin at a slot that an older one covers too. */
    void onCheckpoint(long slot, long belowSlot, Outbox<PaxosMessage, LogRecord> out) {
        checkpointSlot = Math.max(checkpointSlot, slot);
        truncateBelow(belowSlot, out);
    }

    private void truncateBelow(long slot, Outbox<PaxosMessage, LogRecord> out) {
        if (slot > truncatedBelow) {
            if (slot > through + 1) {
                throw new IllegalStateException("truncates below " + slot + ", learned through " + through);
            }
            persistThrough(out);
            truncatedBelow = slot;
            repairSlot = repairSlot < slot ? 0 : repairSlot;
            out.persist(new LogRecord.TruncatedBelow(log, slot));
        }
    }

    /** True if the disk does not know all slots that are learned here. */
    boolean hasUnpersisted() {
        return persistedThrough < through;
    }

    /**
     * Writes the last learned slot to the disk, if it is far above the one that the disk knows.
     *
     * <p>A restart must learn again what the disk does not know. To write each slot would cost a write each.
     */
    void persistThroughNowAndThen(Outbox<PaxosMessage, LogRecord> out) {
        if (through - persistedThrough >= MOST_UNPERSISTED) {
            persistThrough(out);
        }
    }

    /** Writes the last learned slot to the disk without a sync. It shares the next write that comes soon. */
    void persistThrough(Outbox<PaxosMessage, LogRecord> out) {
        if (persistedThrough < through) {
            persistedThrough = through;
            out.persist(new LogRecord.ChosenThrough(log, through));
        }
    }

    private void learn(LogEntry entry) {
        through = entry.slot();
        knownThrough = Math.max(knownThrough, through);
        acceptor.learnedThrough(through);
        logTimeMillis = Math.max(logTimeMillis, Batch.parse(entry.value()).logTimeMillis());
        recent.add(entry);
    }

    /** Lowers the limit of bytes kept in memory. The replica's limit holds too. */
    void cacheAtMost(long bytes) {
        recent.limit(Math.min(bytes, limits.cacheBytes()));
    }
}
