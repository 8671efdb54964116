package io.loggos.paxos.core.skip;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.Effects;
import io.loggos.paxos.core.model.PaxosEvent;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.model.PaxosMessage.Skip;
import io.loggos.paxos.core.model.PaxosMessage.Skip.Step;
import io.loggos.paxos.core.model.SkipCaller;
import io.loggos.paxos.core.process.Outbox;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One replica's part in the agreement to skip a slot whose commands halt all replicas (RULES.md B-11).
 *
 * <p>The decision cannot be a command of the log: it would come behind the slot that nobody gets past, and halted
 * replicas have no leader. So it takes all replicas, and no ballot. An operator asks one that has halted at the slot. It
 * asks the others. A replica that has not applied the slot <em>agrees</em>: it writes that down, and holds the slot back
 * from then on, also in later lives. Once all have agreed, the one that was asked writes down the decision and tells it.
 * A replica that knows it passes over the commands of the slot. One that has applied the slot ends the request, and the
 * others are told to go on.
 *
 * <p>What a replica writes down is an entry of a log of its own beside the log, at the same slot. A later step has a
 * higher ballot, so that it takes the place of an earlier one.
 */
public final class Skips {
    /** The most slots with an agreement or a decision, so that peers cannot fill the memory. */
    static final int MOST = 16;

    private static final long BESIDE = 0x5EED_0F5C_1B5A_11EDL;

    private final NodeId self;
    private final LogId records;
    private final CurrentConfiguration configuration;
    /** The last slot up to which this replica knows all chosen values, which its state machine gets. */
    private final LongSupplier learned;

    private final Effects effects;

    /** The slots that this replica holds back ({@link Step#AGREED}) or passes over ({@link Step#DECIDED}). */
    private final TreeMap<Long, Step> steps = new TreeMap<>();
    /** The lowest of these slots. */
    private long lowest = Long.MAX_VALUE;
    /** The number of the last entry. */
    private long written;

    private long applied;
    private long given;
    /** The slot at which the state machine has thrown; 0 if it has not. */
    private long haltedAt;

    /** The nodes that ask for a slot which the state machine is applying, or will soon. */
    private final TreeMap<Long, Set<NodeId>> undecided = new TreeMap<>();

    private @Nullable OpenSkip request;

    /** Returns the log beside a log in which its replica writes these agreements. */
    public static LogId recordsOf(LogId log) {
        return new LogId(log.value() ^ BESIDE);
    }

    /**
     * Goes on with what an earlier life has written.
     *
     * @param learned the last slot up to which all chosen values are known
     * @param checkpointSlot the slot of the checkpoint with which the state machine begins, or 0
     * @param recovered the entries of {@link #recordsOf}
     */
    public Skips(
            NodeId self,
            LogId log,
            CurrentConfiguration configuration,
            LongSupplier learned,
            long checkpointSlot,
            List<LogEntry> recovered,
            Effects effects) {
        this.self = self;
        this.records = recordsOf(log);
        this.configuration = configuration;
        this.learned = learned;
        this.effects = effects;
        this.applied = checkpointSlot;
        this.given = checkpointSlot;
        for (LogEntry entry : recovered) {
            if (entry.faulty()) {
                // Nobody knows what it was. A peer that knows a decision tells it again; until then the slot is held.
                steps.put(entry.slot(), Step.AGREED);
                continue;
            }
            written = Math.max(written, entry.ballot().round());
            Step step = Step.ofCode(entry.value().at(0));
            if (step != Step.WITHDRAWN) {
                steps.put(entry.slot(), step);
            }
        }
        changed();
    }

    /** True if the state machine must not be given this slot now. */
    public boolean holds(long slot) {
        return slot >= lowest && steps.get(slot) == Step.AGREED;
    }

    /** True if the commands of this slot are passed over. */
    public boolean passesOver(long slot) {
        return slot >= lowest && steps.get(slot) == Step.DECIDED;
    }

    /** Notes that the state machine was given a slot. */
    public void given(long slot) {
        given = slot;
    }

    /** Notes that the state machine has applied all slots up to this one. */
    public void applied(long slot) {
        applied = Math.max(applied, slot);
    }

    /** Notes that the state of the state machine contains all slots up to this one. */
    public void restored(long slot) {
        applied(slot);
        given = Math.max(given, slot);
    }

    /** Notes that the state machine has thrown at a slot, so that it is given none any more. */
    public void haltedAt(long slot, Outbox<PaxosMessage, LogRecord> out) {
        haltedAt = slot;
        answerUndecided(out);
    }

    /**
     * Asks all replicas to skip a slot, if this one has halted at it, or holds it back. {@link Effects#skipEnded} tells
     * the end.
     *
     * @param linked the nodes to which there are links. They are asked besides the members of this log, because they may
     *     be about to become members
     * @param without nodes that are lost for good, and are not asked
     */
    public void begin(
            long slot,
            Set<NodeId> linked,
            Set<NodeId> without,
            SkipCaller caller,
            long deadlineNanos,
            Outbox<PaxosMessage, LogRecord> out) {
        String refusal = refusal(slot, without);
        if (refusal != null || steps.get(slot) == Step.DECIDED) {
            tell(slot, out);
            effects.skipEnded(caller, refusal);
            return;
        }
        Set<NodeId> missing = new TreeSet<>(configuration.nodes());
        missing.addAll(linked);
        missing.removeAll(without);
        request = new OpenSkip(slot, caller, deadlineNanos, missing);
        agree(slot, self, out);
        missing.stream().filter(peer -> !peer.equals(self)).forEach(peer -> ask(peer, slot, out));
    }

    private @Nullable String refusal(long slot, Set<NodeId> without) {
        if (request != null) {
            return "a request to skip slot " + request.slot() + " is under way here";
        }
        long asked = configuration.voters().stream()
                .filter(voter -> !without.contains(voter))
                .count();
        if (without.contains(self) || !configuration.isQuorum((int) asked)) {
            return "no slot is skipped without the replica that is asked first, or without a quorum";
        }
        if (steps.containsKey(slot)) {
            return null;
        }
        if (slot != haltedAt) {
            return haltedAt == 0
                    ? "this replica has not halted at a command"
                    : "this replica has halted at slot " + haltedAt + ", not at slot " + slot;
        }
        return steps.size() < MOST ? null : "as many slots as possible are skipped: " + steps.keySet();
    }

    private void ask(NodeId peer, long slot, Outbox<PaxosMessage, LogRecord> out) {
        out.sendNow(peer, new Skip(slot, Step.ASKED));
    }

    /** Ends a request whose time is over. The agreements stay, and the next request goes on with them. */
    public void expire(long now) {
        OpenSkip late = request;
        if (late != null && now - late.deadlineNanos() >= 0) {
            request = null;
            effects.skipEnded(
                    late.caller(),
                    "not all replicas have agreed to skip slot " + late.slot() + ": nothing came from " + late.missing()
                            + "; the others hold the slot back until the request is made again");
        }
    }

    /** Ends the request, because this replica is closed. */
    public void abandon() {
        refuse("the replica is closed");
    }

    /** Ends the request, because other members must agree now. */
    public void onConfiguration() {
        refuse("the members have changed meanwhile; make the request again");
    }

    private void refuse(String reason) {
        OpenSkip open = request;
        if (open != null) {
            request = null;
            effects.skipEnded(open.caller(), reason);
        }
    }

    /** True while a request is open, which {@link #expire} ends. */
    public boolean isOpen() {
        return request != null;
    }

    /** The first slot that is held back behind what was applied; 0 if there is none. */
    public long heldSlot() {
        if (lowest == Long.MAX_VALUE) {
            return 0;
        }
        Map.Entry<Long, Step> next = steps.higherEntry(given);
        return next == null || next.getValue() != Step.AGREED ? 0 : next.getKey();
    }

    /** Sends a peer what it must know, because earlier messages may be lost. Before any other message of the log. */
    public void sendTo(NodeId peer, Outbox<PaxosMessage, LogRecord> out) {
        steps.forEach((slot, step) -> {
            if (step == Step.DECIDED) {
                out.sendNow(peer, new Skip(slot, step));
            }
        });
        if (request != null && request.missing().contains(peer)) {
            ask(peer, request.slot(), out);
        }
    }

    /**
     * Takes a step of a peer, or one of this replica that is durable now.
     *
     * @param number the configuration in which the sender stands
     */
    public void onSkip(NodeId from, long number, Skip skip, Outbox<PaxosMessage, LogRecord> out) {
        long slot = skip.slot();
        switch (skip.step()) {
            case ASKED -> answer(from, slot, out);
            case AGREED -> onAgreed(from, number, slot, out);
            case APPLIED -> onApplied(from, slot, out);
            case WITHDRAWN -> {
                undecided.remove(slot);
                if (steps.get(slot) == Step.AGREED) {
                    withdraw(slot, out);
                }
            }
            case DECIDED -> onDecided(from, slot, out);
        }
    }

    /** Answers a peer that asks. If the state machine has the slot now, the answer comes once the slot has ended. */
    private void answer(NodeId from, long slot, Outbox<PaxosMessage, LogRecord> out) {
        Step step = steps.get(slot);
        if (step == Step.DECIDED) {
            out.sendNow(from, new Skip(slot, step));
        } else if (step == Step.AGREED) {
            out.sendDurable(from, new Skip(slot, step));
        } else if (haltedAt == 0 ? slot <= applied : slot < haltedAt) {
            out.sendNow(from, new Skip(slot, Step.APPLIED));
        } else if (steps.size() + undecided.size() >= MOST) {
            effects.note(PaxosEvent.IMPLAUSIBLE_SLOT);
        } else if (haltedAt == 0 && slot <= Math.max(given, learned.getAsLong())) {
            // The state machine has it or gets it soon, perhaps once more after a restart.
            undecided.computeIfAbsent(slot, unused -> new TreeSet<>()).add(from);
        } else {
            agree(slot, from, out);
        }
    }

    /** Answers the questions for slots that the state machine has applied meanwhile, or thrown at. */
    public void answerUndecided(Outbox<PaxosMessage, LogRecord> out) {
        if (undecided.isEmpty() || (haltedAt == 0 && undecided.firstKey() > applied)) {
            return;
        }
        List<Map.Entry<Long, Set<NodeId>>> waiting = new ArrayList<>(undecided.entrySet());
        undecided.clear();
        waiting.forEach(each -> each.getValue().forEach(peer -> answer(peer, each.getKey(), out)));
    }

    private void agree(long slot, NodeId asker, Outbox<PaxosMessage, LogRecord> out) {
        if (!steps.containsKey(slot)) {
            steps.put(slot, Step.AGREED);
            write(slot, Step.AGREED, out);
        }
        out.sendDurable(asker, new Skip(slot, Step.AGREED));
    }

    private void onAgreed(NodeId from, long number, long slot, Outbox<PaxosMessage, LogRecord> out) {
        OpenSkip open = request;
        if (open != null && number > configuration.number()) {
            refuse("node " + from.value() + " knows later members of the log: make the request there");
        } else if (open != null
                && open.slot() == slot
                && open.missing().remove(from)
                && open.missing().isEmpty()) {
            write(slot, Step.DECIDED, out);
            out.sendDurable(self, new Skip(slot, Step.DECIDED));
        }
    }

    private void onApplied(NodeId from, long slot, Outbox<PaxosMessage, LogRecord> out) {
        OpenSkip open = request;
        if (open == null || open.slot() != slot) {
            return;
        }
        request = null;
        others().forEach(peer -> out.sendNow(peer, new Skip(slot, Step.WITHDRAWN)));
        withdraw(slot, out);
        effects.skipEnded(
                open.caller(), "node " + from.value() + " has applied slot " + slot + ", so it cannot be skipped");
    }

    private void withdraw(long slot, Outbox<PaxosMessage, LogRecord> out) {
        steps.remove(slot);
        write(slot, Step.WITHDRAWN, out);
    }

    /** A decision takes effect here once it is durable here: a later life must not apply the slot. */
    private void onDecided(NodeId from, long slot, Outbox<PaxosMessage, LogRecord> out) {
        if (from.equals(self)) {
            steps.put(slot, Step.DECIDED);
            changed();
            effects.note(PaxosEvent.SKIPS_SLOT);
            tell(slot, out);
            OpenSkip open = request;
            if (open != null && open.slot() == slot) {
                request = null;
                effects.skipEnded(open.caller(), null);
            }
            return;
        }
        undecided.remove(slot);
        boolean late = haltedAt == 0 && slot <= given && !steps.containsKey(slot);
        if (late || steps.get(slot) == Step.DECIDED) {
            // If it is late, a checkpoint has the slot, or what was applied here differs, and the digests tell
            // (RULES.md B-8).
            return;
        }
        if (steps.size() >= MOST && !steps.containsKey(slot)) {
            effects.note(PaxosEvent.IMPLAUSIBLE_SLOT);
            return;
        }
        steps.put(slot, Step.AGREED);
        write(slot, Step.DECIDED, out);
        out.sendDurable(self, new Skip(slot, Step.DECIDED));
    }

    private void tell(long slot, Outbox<PaxosMessage, LogRecord> out) {
        if (steps.get(slot) == Step.DECIDED) {
            others().forEach(peer -> out.sendNow(peer, new Skip(slot, Step.DECIDED)));
        }
    }

    private List<NodeId> others() {
        return configuration.nodes().stream().filter(node -> !node.equals(self)).toList();
    }

    private void write(long slot, Step step, Outbox<PaxosMessage, LogRecord> out) {
        written++;
        Bytes value = Bytes.wrap(new byte[] {(byte) step.code()});
        out.persist(new LogRecord.Accepted(records, slot, new Ballot(written, self.value()), value));
        changed();
    }

    private void changed() {
        lowest = steps.isEmpty() ? Long.MAX_VALUE : steps.firstKey();
    }
}
