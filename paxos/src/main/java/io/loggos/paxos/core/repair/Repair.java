package io.loggos.paxos.core.repair;

import io.loggos.api.NodeId;
import io.loggos.api.spi.LogEntry;
import io.loggos.api.spi.LogRecord;
import io.loggos.paxos.core.configuration.CurrentConfiguration;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The repair of a chosen slot whose record here is damaged or missing, and the peers that have lost a slot.
 *
 * <p>The slots are repaired one at a time, the lowest first. So nodes that have lost several slots soon search for the
 * same one.
 *
 * <p>A peer lacks a slot if it knows the slot to be chosen, has not truncated it, and has neither learned nor accepted a
 * sound value for it. A peer whose acceptor holds a value does not lack the slot: the value may be the chosen one, and a
 * later phase 1 may find it. If all nodes lack a slot, no node has its value (RULES.md F-17).
 */
public final class Repair {
    private final NodeId self;
    private final CurrentConfiguration configuration;

    /** The slot that is repaired, or 0. */
    private long slot;
    /** Chosen entries of consecutive slots that a peer sent for the last repair. */
    private List<LogEntry> found = List.of();

    /** The voters that have lost the slot {@link #lostSlot}. */
    private long lostBy;

    private long lostSlot;

    public Repair(NodeId self, CurrentConfiguration configuration) {
        this.self = self;
        this.configuration = configuration;
    }

    /** The slot that is repaired, or 0. */
    public long slot() {
        return slot;
    }

    /** True while a slot is repaired. */
    public boolean isOpen() {
        return slot != 0;
    }

    /** Begins to repair a slot, unless a lower one is repaired. Returns true if no slot was repaired before. */
    public boolean begin(long newSlot) {
        boolean first = slot == 0;
        slot = first ? newSlot : Math.min(slot, newSlot);
        return first;
    }

    /** Gives up the repair of a slot up to this one, because a checkpoint covers it. */
    public void coveredThrough(long through) {
        if (slot <= through) {
            slot = 0;
        }
    }

    /** Takes the values that a peer has sent for the repaired slot and those behind it. */
    public void found(List<LogEntry> entries) {
        found = entries;
        slot = 0;
        lostBy = 0;
    }

    /** Returns an entry that the last repair has brought, or null. */
    public @Nullable LogEntry get(long wanted) {
        if (found.isEmpty()) {
            return null;
        }
        long position = wanted - found.get(0).slot();
        LogEntry entry = position < 0 || position >= found.size() ? null : found.get((int) position);
        return entry != null && entry.slot() == wanted ? entry : null;
    }

    /** Tells the peers that this node cannot give a slot. They cannot ask it any more, because it is about to halt. */
    public void tellLost(long lost, Outbox<PaxosMessage, LogRecord> out) {
        configuration.sendToMembers(lost(lost), out);
    }

    /** Returns the answer of a node that knows a slot to be chosen, and has neither learned nor accepted a value for it. */
    public static PaxosMessage.Learned lost(long slot) {
        return new PaxosMessage.Learned(slot, slot, slot, List.of());
    }

    /**
     * Notes the answer of a peer about a slot that this node lacks. An answer with a value makes all peers be asked anew.
     *
     * @return true if all other nodes have lost the slot
     */
    public boolean isLostWith(NodeId peer, PaxosMessage.Learned answer) {
        boolean lost = answer.entries().isEmpty()
                && answer.fromSlot() <= answer.chosenThrough()
                && answer.fromSlot() >= answer.truncatedBelow();
        if (!lost) {
            if (answer.fromSlot() == lostSlot) {
                lostBy = answer.entries().isEmpty() ? lostBy & ~configuration.bit(peer) : 0;
            }
            return false;
        }
        if (answer.fromSlot() != lostSlot) {
            lostSlot = answer.fromSlot();
            lostBy = 0;
        }
        lostBy |= configuration.bit(peer);
        return configuration.voters().stream()
                .allMatch(voter -> voter.equals(self) || (lostBy & configuration.bit(voter)) != 0);
    }

    /** Forgets which peers have lost a slot, because the voters are others now. */
    public void onConfiguration() {
        lostBy = 0;
        lostSlot = 0;
    }
}
