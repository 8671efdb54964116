package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.multicast.Connectivity;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Batch;
import io.loggos.paxos.core.model.Configuration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.repair.ChosenMark;
import io.loggos.paxos.core.repair.LearnRequests;
import io.loggos.paxos.core.repair.RecentEntries;
import io.loggos.paxos.core.repair.Repair;
import io.loggos.paxos.core.request.PeerReads;
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
    private final NodeId self;
    private final LogId log;
    private final CurrentConfiguration configuration;
    private final Limits limits;
    private final Acceptor acceptor;
    private final Effects effects;

    /** The last slot up to which all chosen values are in the log or in a checkpoint. */
    private long through;
    /** The configuration of the slots above {@link #through}, if a stop-sign was learned and it is not entered yet. */
    private @Nullable Configuration next;

    private final ChosenMark mark;
    private long truncatedBelow;
    /** The last slot up to which all slots are chosen, wherever their values are. */
    private long knownThrough;
    /** The last slots up to {@link #through}. */
    private final RecentEntries recent;
    /** Bounds what peers can ask of the disk. */
    private final PeerReads reads = new PeerReads();

    /** The repair of slots up to {@link #through} whose records are damaged or missing. */
    private final Repair repair;

    /** The newest durable, verified checkpoint here. */
    private long checkpointSlot;

    /** The questions to peers for slots above {@link #through}, and for the slot that is repaired. */
    private final LearnRequests requests;

    Learner(
            NodeId self,
            LogId log,
            CurrentConfiguration configuration,
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
        this.effects = effects;
        this.through = opened.through();
        this.mark = new ChosenMark(log, through, limits.windowBytes());
        this.truncatedBelow = opened.truncatedBelow();
        this.checkpointSlot = opened.checkpointSlot();
        this.knownThrough = through;
        this.recent = new RecentEntries(limits.cacheBytes());
        this.requests = new LearnRequests(self, log, configuration, limits, connectivity);
        this.repair = new Repair(self, configuration);
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

    boolean behind() {
        return knownThrough > through || repair.isOpen();
    }

    /** The slot that is asked for. Null if none is missing. */
    ReplicaProgress.@Nullable Missing missing() {
        return behind() ? new ReplicaProgress.Missing(wanted(), requests.source(), repair.isOpen()) : null;
    }

    /** True if the record of a chosen slot is damaged or missing, and not fetched yet. */
    boolean isRepairing() {
        return repair.isOpen();
    }

    /** Tells if no peer could give the missing slots for several election timeouts. */
    boolean starves(long now) {
        return behind() && requests.areInVain(now);
    }

    /** Returns a chosen entry that is still in memory, or null. */
    @Nullable
    LogEntry cached(long slot) {
        LogEntry entry = recent.get(slot);
        return entry == null ? repair.get(slot) : entry;
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
        while (through < chosen && next == null) {
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
        if (!plausible(chosen)) {
            return;
        }
        knownThrough = Math.max(knownThrough, chosen);
        if (chosen > through && !informed.equals(self)) {
            requests.prefer(informed);
        }
    }

    /** Tells if an honest peer can know so many slots to be chosen. */
    boolean plausible(long slot) {
        return acceptor.plausible(slot, through);
    }

    /** Notes that the record of a chosen slot cannot be read and must come from another node. */
    void repair(long slot) {
        if (configuration.nodes().size() == 1) {
            effects.halt("slot " + slot + " is damaged on disk, and no other node has it");
            return;
        }
        if (repair.begin(slot)) {
            effects.note(PaxosEvent.REPAIRS_SLOT);
        }
    }

    /** Asks a peer for the missing slots, unless a peer was asked a short while ago. */
    void pull(long now, Outbox<PaxosMessage, LogRecord> out) {
        if (behind() && out.hasRoom()) {
            requests.ask(wanted(), now, out);
        }
    }

    /** Asks a peer, or any if it is null, for chosen slots, without knowing that there are any. */
    void poll(@Nullable NodeId peer, long now, Outbox<PaxosMessage, LogRecord> out) {
        requests.poll(peer, wanted(), now, out);
    }

    private long wanted() {
        return repair.isOpen() ? repair.slot() : through + 1;
    }

    /** Answers a peer that asks for chosen values. */
    void onLearn(NodeId from, PaxosMessage.Learn learn, Outbox<PaxosMessage, LogRecord> out) {
        if (learn.fromSlot() < 1) {
            effects.note(PaxosEvent.ASKED_BELOW_FIRST_SLOT);
        } else if (learn.fromSlot() > through
                && learn.fromSlot() <= knownThrough
                && acceptor.accepted(learn.fromSlot()) == null) {
            out.sendNow(from, Repair.lost(learn.fromSlot()));
        } else if (learn.fromSlot() > through || learn.fromSlot() < truncatedBelow) {
            answer(from, learn.fromSlot(), List.of(), out);
        } else {
            LogEntry known = cached(learn.fromSlot());
            if (known == null) {
                readFor(from, learn.fromSlot());
            } else {
                List<LogEntry> recently = recent.from(learn.fromSlot());
                answer(from, learn.fromSlot(), recently.isEmpty() ? List.of(known) : recently, out);
            }
        }
    }

    private void readFor(NodeId peer, long fromSlot) {
        if (reads.begin(peer, fromSlot)) {
            effects.readLog(peer, fromSlot, through);
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
        } else if (sound.isEmpty() && fromSlot >= truncatedBelow) {
            repair(fromSlot);
        }
        answer(requester, fromSlot, sound, out);
        long next = reads.end(requester, fromSlot);
        if (next != 0) {
            onLearn(requester, new PaxosMessage.Learn(next), out);
        }
    }

    private void answer(NodeId to, long fromSlot, List<LogEntry> entries, Outbox<PaxosMessage, LogRecord> out) {
        List<LogEntry> part = limits.sizes().firstPart(entries);
        if (part.isEmpty() && !entries.isEmpty()) {
            effects.note(PaxosEvent.TOO_LARGE_FOR_FRAME);
        }
        out.sendNow(to, new PaxosMessage.Learned(fromSlot, through, truncatedBelow, part));
    }

    /** Takes chosen values from a peer. */
    void onLearned(NodeId from, PaxosMessage.Learned learned, Outbox<PaxosMessage, LogRecord> out) {
        knowChosen(learned.chosenThrough(), from);
        if (behind() && lacks(learned.fromSlot()) && repair.isLostWith(from, learned)) {
            repair.tellLost(learned.fromSlot(), out);
            effects.halt("slot " + learned.fromSlot() + " is damaged or missing on all nodes that had it");
            return;
        }
        if (learned.fromSlot() != wanted() || !requests.isTo(from)) {
            return;
        }
        boolean asked = requests.endQuestion();
        if (learned.entries().isEmpty()) {
            if (asked && learned.fromSlot() < learned.truncatedBelow()) {
                if (requests.beginFetch()) {
                    effects.fetchCheckpoint(from, learned.fromSlot());
                }
            } else if (asked && behind()) {
                requests.onNothing();
            }
            return;
        }
        requests.onFound();
        for (LogEntry entry : learned.entries()) {
            if (entry.slot() == repair.slot()) {
                // The log of this node may begin later. Then its state machine alone needs the value.
                if (entry.slot() >= truncatedBelow) {
                    out.persist(new LogRecord.Learned(log, entry.slot(), entry.ballot(), entry.value()));
                }
                repair.found(learned.entries());
            } else if (entry.slot() == through + 1 && next == null) {
                learnFrom(entry, out);
            }
        }
        persistThrough(out);
    }

    /**
     * True if this node has no value of a slot, even if it asks for an earlier one first. The peers that have lost the slot
     * may halt before this node has all earlier ones.
     */
    private boolean lacks(long slot) {
        return (slot > through || slot == repair.slot()) && acceptor.accepted(slot) == null;
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

    /** Asks again after a pause (RULES.md O-8), because no checkpoint came, or only a part of it. */
    void onCheckpointMissed(boolean progressed, long now) {
        requests.onCheckpointMissed(progressed, now);
    }

    /** Goes on behind a checkpoint that is durable here. Values accepted above it stay. */
    void onCheckpointInstalled(long slot, Outbox<PaxosMessage, LogRecord> out) {
        requests.onCheckpointInstalled();
        repair.coveredThrough(slot);
        checkpointSlot = Math.max(checkpointSlot, slot);
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
            repair.coveredThrough(slot - 1);
            out.persist(new LogRecord.TruncatedBelow(log, slot));
        }
    }

    /** True if the disk does not know all slots that are learned here. */
    boolean hasUnpersisted() {
        return mark.isBehind(through);
    }

    /** Writes the last learned slot to the disk, if it is far above the one that the disk knows. */
    void persistThroughNowAndThen(Outbox<PaxosMessage, LogRecord> out) {
        mark.writeNowAndThen(through, out);
    }

    /** Writes the last learned slot to the disk without a sync. It shares the next write that comes soon. */
    void persistThrough(Outbox<PaxosMessage, LogRecord> out) {
        mark.write(through, out);
    }

    /** The configuration of a stop-sign that was learned, until it is {@link #enter entered}; else null. */
    @Nullable
    Configuration next() {
        return next;
    }

    /** Goes on in the next configuration. It is written together with the slot behind which it begins (RULES.md R-1). */
    void enter(Configuration entered, Outbox<PaxosMessage, LogRecord> out) {
        next = null;
        out.persist(new LogRecord.Configured(log, entered.number(), through, acceptor.promised(), entered.toBytes()));
        persistThrough(out);
        acceptor.dropVoid();
        repair.onConfiguration();
    }

    private void learn(LogEntry entry) {
        through = entry.slot();
        mark.learned(entry.value().size());
        if (Batch.isStopSign(entry.value())) {
            next = Batch.parse(entry.value()).next();
        }
        knownThrough = Math.max(knownThrough, through);
        acceptor.learnedThrough(through);
        recent.add(entry);
    }

    /** Lowers the limit of bytes kept in memory. The replica's limit holds too. */
    void cacheAtMost(long bytes) {
        recent.limit(Math.min(bytes, limits.cacheBytes()));
    }
}
