package io.loggos.multicast.group.core.channel;

import io.loggos.api.group.Receipt;
import io.loggos.api.group.Receipt.Outcome;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Member;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.PendingReceipt;
import io.loggos.multicast.group.core.model.Submission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Receipts that this member owes for its messages in one view (RULES.md V-25).
 *
 * <p>A multicast is delivered once it is delivered here. A message to one member is delivered once that has taken it. It is
 * so too if both go on by a cut for which this member gave its packets.
 */
public final class OpenReceipts {
    /** A packet with receipts. */
    private record Open(long number, List<PendingReceipt> pending) {}

    private final GroupEffects effects;
    private final GroupView view;
    private final int self;
    /** Packets that wait for their delivery here, oldest first. */
    private final ArrayDeque<Open> multicasts = new ArrayDeque<>();
    /** True once the view ends and its survivors go on to a primary view. */
    private boolean endsInPrimary;
    /** Packets to one other member, by its rank, oldest first. */
    private final TreeMap<Integer, ArrayDeque<Open>> toOne = new TreeMap<>();

    OpenReceipts(GroupEffects effects, GroupView view, int self) {
        this.effects = effects;
        this.view = view;
        this.self = self;
    }

    /** Notes the receipts that are asked for the messages of a packet. */
    void sent(Packet packet, List<Submission> messages) {
        List<PendingReceipt> pending = null;
        for (int i = 0; i < messages.size(); i++) {
            PendingReceipt receipt = messages.get(i).receipt();
            if (receipt != null) {
                pending = pending == null ? new ArrayList<>() : pending;
                pending.add(receipt);
            }
        }
        if (pending != null) {
            boolean isHere = packet.to() < 0 || packet.to() == self;
            ArrayDeque<Open> queue =
                    isHere ? multicasts : toOne.computeIfAbsent(packet.to(), rank -> new ArrayDeque<>());
            queue.add(new Open(packet.number(), pending));
        }
    }

    /** Notes that messages are for a node that is no member. */
    void notSent(List<Submission> messages) {
        Receipt receipt = receipt(Outcome.NOT_SENT);
        for (Submission message : messages) {
            PendingReceipt pending = message.receipt();
            if (pending != null) {
                effects.receipt(pending, receipt);
            }
        }
    }

    /** Notes that a packet of this member was delivered here, and whether all members are known to have it. */
    void delivered(Packet packet, boolean stable) {
        Open first = multicasts.peek();
        if (first != null && first.number == packet.number()) {
            multicasts.remove();
            end(first, stable || (packet.isSafe() && endsInPrimary) ? Outcome.STABLE : Outcome.DELIVERED);
        }
    }

    /** Notes that the application of another member has taken this member's packets up to a number. */
    void taken(int rank, long through) {
        ArrayDeque<Open> queue = toOne.get(rank);
        while (queue != null && !queue.isEmpty() && queue.getFirst().number <= through) {
            end(queue.removeFirst(), Outcome.DELIVERED);
        }
    }

    /** Notes that the view is about to end by a cut that all survivors have. */
    public void viewEnds(Trim trim) {
        endsInPrimary = trim.next().view().primary() && trim.next().into() == null;
    }

    /**
     * Ends what is still open, since the view has ended by a cut.
     *
     * @param delivered the number of this member's packets that the cut delivers
     * @param gave whether this member has given its packets in the attempt that ended the view. Otherwise others got hollow
     *     what it sent to one of them, since nobody else has that
     */
    public void viewEnded(Trim trim, long delivered, boolean gave) {
        for (var each : toOne.entrySet()) {
            Member to = view.member(each.getKey());
            boolean goesOn = trim.next().into() == null
                    && trim.survivors().contains(to)
                    && trim.next().view().contains(to)
                    && !trim.next().newcomers().contains(to);
            if (gave && goesOn) {
                taken(each.getKey(), delivered);
            }
        }
        lost();
    }

    /** Ends what is still open, since no more will be known. */
    public void lost() {
        multicasts.forEach(open -> end(open, Outcome.UNKNOWN));
        multicasts.clear();
        toOne.values().forEach(queue -> queue.forEach(open -> end(open, Outcome.UNKNOWN)));
        toOne.clear();
    }

    private void end(Open open, Outcome outcome) {
        Receipt receipt = receipt(outcome);
        open.pending.forEach(pending -> effects.receipt(pending, receipt));
    }

    private Receipt receipt(Outcome outcome) {
        return new Receipt(outcome, Optional.of(view.toView()));
    }
}
