package io.loggos.paxos.core;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.InvalidOptionsException;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.lease.Grant;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.Limits;
import io.loggos.paxos.core.model.MessageSizes;
import io.loggos.paxos.core.model.OpenedLog;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The acceptor of one log (<i>Paxos Made Simple</i>, section 2.2).
 *
 * <p>It never accepts a ballot below its promise, and it answers only what is on disk. It keeps in memory the accepted
 * values that are not known to be chosen yet. Chosen values belong to the {@link Learner}.
 */
final class Acceptor {
    /** Greatest distance of a ballot's round from the promise. Only a broken or hostile peer exceeds it. */
    static final long MAX_ROUND_JUMP = 1L << 32;
    /** Greatest number of open slots, in windows of this node. */
    static final int ROOM_PER_WINDOW = 4;

    /** Greatest distance of a chosen slot from the learned ones: years of catching up. */
    static final long MAX_SLOT_JUMP = 1L << 40;

    private final LogId log;
    private final long roomSlots;
    private final MessageSizes sizes;
    private final Effects effects;

    /** Durable before it is answered; only rises. */
    private Ballot promised;
    /**
     * Entries above {@link Learner#through}, durable before they are answered. Includes faulty records from the disk.
     */
    private final TreeMap<Long, LogEntry> open = new TreeMap<>();

    /** True if something was accepted since the last call of {@link #takeWrote}. */
    private boolean wrote;

    /** The lowest slot that was ignored because there was no room, or 0. */
    private long refusedSlot;

    /** @throws InvalidOptionsException if no frame can carry a value that this node has accepted */
    Acceptor(LogId log, Limits limits, OpenedLog opened, Effects effects) {
        this.log = log;
        this.roomSlots = (long) ROOM_PER_WINDOW * limits.windowSlots();
        this.sizes = limits.sizes();
        this.effects = effects;
        this.promised = opened.promised();
        opened.open().forEach(entry -> {
            checkSize(entry);
            open.put(entry.slot(), entry);
        });
    }

    /** A smaller frame than in an earlier life cannot carry what was accepted then, and a promise must list it. */
    private void checkSize(LogEntry entry) {
        if (!sizes.carries(entry.value().size())) {
            throw new InvalidOptionsException(List.of("maxFrameBytes is too small for slot " + entry.slot()
                    + ", which has " + entry.value().size() + " bytes"));
        }
    }

    Ballot promised() {
        return promised;
    }

    /** The entry accepted for a slot that is not learned yet. Null if there is none or its record is faulty. */
    @Nullable
    LogEntry accepted(long slot) {
        LogEntry entry = open.get(slot);
        return entry == null || entry.faulty() ? null : entry;
    }

    long highestAccepted(long otherwise) {
        return open.isEmpty() ? otherwise : Math.max(otherwise, open.lastKey());
    }

    /** Drops the entries that the learner has now. */
    void learnedThrough(long slot) {
        while (!open.isEmpty() && open.firstKey() <= slot) {
            open.pollFirstEntry();
        }
    }

    /** Drops the entries above the learned ones, because their configuration has ended before them (RULES.md R-3). */
    void dropVoid() {
        open.clear();
        refusedSlot = 0;
    }

    /** Tells if something was accepted since the last call. If so, other records can join its write. */
    boolean takeWrote() {
        boolean did = wrote;
        wrote = false;
        return did;
    }

    /** True if an accept was ignored because there was no room. */
    boolean hasRefused() {
        return refusedSlot != 0;
    }

    /** Returns true once, when there is room again for the accept that was ignored. */
    boolean hasRoomAgain(long learnedThrough) {
        if (refusedSlot == 0 || refusedSlot > learnedThrough + roomSlots) {
            return false;
        }
        refusedSlot = 0;
        return true;
    }

    /** Tells if an honest peer can have taken this ballot. */
    boolean plausible(Ballot ballot) {
        return ballot.round() - promised.round() <= MAX_ROUND_JUMP;
    }

    /** Tells if an honest peer can know a slot to be chosen (RULES.md B-6). Counts it otherwise. */
    boolean plausible(long chosen, long learnedThrough) {
        if (chosen - learnedThrough <= MAX_SLOT_JUMP) {
            return true;
        }
        effects.note(PaxosEvent.IMPLAUSIBLE_SLOT);
        return false;
    }

    /** Tells if a message that uses a ballot comes from the owner of the ballot. */
    boolean isBallotOf(NodeId from, Ballot ballot) {
        if (ballot.isOf(from) && plausible(ballot)) {
            return true;
        }
        effects.note(PaxosEvent.FOREIGN_BALLOT);
        return false;
    }

    /** Promises a ballot of this node. Everything sent durably afterwards waits for this promise. */
    void promiseOwn(Ballot ballot, Outbox<PaxosMessage, LogRecord> out) {
        if (!ballot.isAbove(promised)) {
            throw new IllegalStateException("own ballot " + ballot + " is not above the promise " + promised);
        }
        raise(ballot, out);
    }

    /** Phase 1b. */
    void onPrepare(
            NodeId from,
            PaxosMessage.Prepare prepare,
            long learnedThrough,
            long truncatedBelow,
            Outbox<PaxosMessage, LogRecord> out) {
        if (prepare.ballot().isBelow(promised)) {
            out.sendNow(from, new PaxosMessage.Refused(prepare.ballot(), promised));
            return;
        }
        if (prepare.ballot().isAbove(promised)) {
            raise(prepare.ballot(), out);
        }
        sendPromise(from, prepare.ballot(), prepare.fromSlot(), learnedThrough, truncatedBelow, out);
    }

    /**
     * Sends the promise for {@code ballot} in parts, once everything in it is durable.
     *
     * <p>Promises of lower ballots, and an earlier one for this ballot to the same node, are of no use any more.
     */
    void sendPromise(
            NodeId to,
            Ballot ballot,
            long fromSlot,
            long learnedThrough,
            long truncatedBelow,
            Outbox<PaxosMessage, LogRecord> out) {
        out.retract((receiver, held) -> held instanceof PaxosMessage.Promise promise
                && (promise.ballot().isBelow(ballot) || receiver.equals(to)));
        List<LogEntry> part = new ArrayList<>();
        int parts = 0;
        long bytes = 0;
        for (LogEntry entry : open.tailMap(fromSlot, true).values()) {
            if (!sizes.admits(bytes, entry)) {
                out.sendDurable(
                        to,
                        new PaxosMessage.Promise(
                                ballot, learnedThrough, truncatedBelow, parts++, false, List.copyOf(part)));
                part.clear();
                bytes = 0;
            }
            part.add(entry);
            bytes += MessageSizes.sizeOf(entry);
        }
        out.sendDurable(
                to, new PaxosMessage.Promise(ballot, learnedThrough, truncatedBelow, parts, true, List.copyOf(part)));
    }

    /** Phase 2b. */
    void onAccept(NodeId from, PaxosMessage.Accept accept, long learnedThrough, Outbox<PaxosMessage, LogRecord> out) {
        if (accept.ballot().isBelow(promised)) {
            out.sendNow(from, new PaxosMessage.Refused(accept.ballot(), promised));
            return;
        }
        if (accept.slot() <= learnedThrough) {
            return;
        }
        if (!sizes.carries(accept.batch().size())) {
            effects.note(PaxosEvent.TOO_LARGE_FOR_FRAME);
            return;
        }
        if (accept.slot() > learnedThrough + roomSlots) {
            refusedSlot = refusedSlot == 0 ? accept.slot() : Math.min(refusedSlot, accept.slot());
            effects.note(PaxosEvent.NO_ROOM_FOR_SLOT);
            return;
        }
        if (accept.ballot().isAbove(promised)) {
            raise(accept.ballot(), out);
        }
        PaxosMessage.Accepted accepted = new PaxosMessage.Accepted(accept.ballot(), accept.slot());
        LogEntry before = open.get(accept.slot());
        if (before != null && !before.faulty() && before.ballot().equals(accept.ballot())) {
            if (!before.value().equals(accept.batch())) {
                effects.halt("two values for slot " + accept.slot() + " in ballot " + accept.ballot());
                return;
            }
            // The answer to the first accept may wait for the disk.
            out.retract((receiver, held) -> receiver.equals(from) && held.equals(accepted));
        } else {
            persist(accept.slot(), accept.ballot(), accept.batch(), out);
        }
        out.sendDurable(from, accepted);
    }

    /**
     * Confirms a leader's ballot if it equals the promise, and grants what the leader asks for. Refuses a lower ballot and
     * ignores a higher one.
     */
    void onConfirm(NodeId from, PaxosMessage.Confirm confirm, Grant grant, Outbox<PaxosMessage, LogRecord> out) {
        if (confirm.ballot().equals(promised)) {
            boolean granted = grant.give(confirm);
            out.sendNow(from, new PaxosMessage.Confirmed(confirm.ballot(), confirm.round(), granted));
        } else if (confirm.ballot().isBelow(promised)) {
            out.sendNow(from, new PaxosMessage.Refused(confirm.ballot(), promised));
        }
    }

    /** Accepts a proposal of this node. The vote comes back through the outbox once it is durable. */
    void acceptOwn(NodeId self, Ballot ballot, long slot, Bytes value, Outbox<PaxosMessage, LogRecord> out) {
        if (!ballot.equals(promised)) {
            throw new IllegalStateException("proposes in " + ballot + " with a promise of " + promised);
        }
        persist(slot, ballot, value, out);
        out.sendDurable(self, new PaxosMessage.Accepted(ballot, slot));
    }

    private void persist(long slot, Ballot ballot, Bytes value, Outbox<PaxosMessage, LogRecord> out) {
        wrote = true;
        open.put(slot, LogEntry.of(slot, ballot, value));
        out.persist(new LogRecord.Accepted(log, slot, ballot, value));
    }

    private void raise(Ballot ballot, Outbox<PaxosMessage, LogRecord> out) {
        promised = ballot;
        out.persist(new LogRecord.Promised(log, ballot));
    }

    void checkInvariants(long learnedThrough) {
        if (!open.isEmpty()) {
            if (open.firstKey() <= learnedThrough) {
                throw new IllegalStateException("slot " + open.firstKey() + " is open and learned");
            }
            if (open.lastEntry().getValue().ballot().isAbove(promised)) {
                throw new IllegalStateException("accepted above the promise");
            }
        }
    }
}
