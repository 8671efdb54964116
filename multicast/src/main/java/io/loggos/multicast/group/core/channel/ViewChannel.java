package io.loggos.multicast.group.core.channel;

import io.loggos.api.NodeId;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Relay;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.multicast.Invariants;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage.Received;
import io.loggos.multicast.group.core.model.GroupMessage.Stable;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.SendQueue;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Multicast within one view: takes packets, orders them, delivers them, and forgets them once it may.
 *
 * <p>A new view has a new channel, so that nothing of one view is ever counted in another.
 *
 * <p>Packets of one sender are delivered in the order sent. Besides, a causal packet waits for its stamp, and a total
 * one for its turn. A safe packet waits until all members are known to have it and its causes.
 */
public final class ViewChannel {
    private final GroupSettings settings;
    private final GroupEffects effects;
    private final GroupView view;
    private final int self;
    private final SenderStream[] streams;
    private final TotalOrder order = new TotalOrder();
    private final Sequencer sequencer;
    private final Outgoing outgoing;
    private final Receipts[] receipts;

    /**
     * For each rank, the number up to which packets may be delivered; the reported digest, once the view is flushed.
     */
    private final long[] limits;
    /** Number of the sequencer's packets that have been searched for order numbers. */
    private long ordered;
    /**
     * True while the view is being flushed: nothing new is sent, and the digest does not move. It stays true until the
     * view ends.
     */
    private boolean frozen;
    /** True if all survivors have all of the cut, so that everything in it is safe. */
    private boolean ending;
    /** Bytes that may wait here while what was received counts as taken; -1 if it never does. */
    private long feedsUpToBytes = -1;
    /** True if something has happened that may let a packet be delivered. */
    private boolean stirred;

    public ViewChannel(
            GroupSettings settings,
            GroupEffects effects,
            SendQueue queue,
            GroupView view,
            long carriedBytes,
            long now) {
        this.settings = settings;
        this.effects = effects;
        this.view = view;
        this.self = view.rank(settings.self());
        streams = new SenderStream[view.size()];
        receipts = new Receipts[view.size()];
        limits = new long[view.size()];
        Arrays.fill(limits, Long.MAX_VALUE);
        for (int rank = 0; rank < streams.length; rank++) {
            streams[rank] = new SenderStream();
            receipts[rank] = new Receipts(streams[rank], settings.options().windowBytes() / 8);
        }
        sequencer = new Sequencer(streams);
        outgoing = new Outgoing(settings, effects, queue, view, self, streams, carriedBytes, now);
    }

    /** Bytes that some application has not yet taken from this member. */
    public long untakenBytes() {
        return outgoing.untakenBytes();
    }

    /** Bytes that were delivered here and that this member's application has not yet taken. */
    public long waitingBytes() {
        long bytes = 0;
        for (SenderStream stream : streams) {
            bytes += stream.untakenBytes();
        }
        return bytes;
    }

    /** Lets what was received count as taken while no more than so many bytes wait (RULES.md V-14); -1 for never. */
    public void feedsUpTo(long bytes) {
        feedsUpToBytes = bytes;
    }

    /** Takes a packet of this view, from its origin or relayed. */
    public void onPacket(NodeId from, Packet packet) {
        int rank = packet.origin();
        if (rank == self || !packet.fits(streams.length)) {
            effects.note(GroupEvent.PACKET_OUT_OF_PLACE);
            return;
        }
        if (!streams[rank].add(packet)) {
            streams[rank].fill(packet);
            return;
        }
        if (packet.to() == self && packet.isHollow()) {
            streams[rank].cameHollow();
        }
        stirred = true;
        receipts[rank].received(packet);
        if (settings.options().relay() == Relay.ON_RECEIPT) {
            for (int other = 0; other < streams.length; other++) {
                boolean isTarget = packet.to() == other;
                if (other != self
                        && other != rank
                        && !isTarget
                        && !view.member(other).node().equals(from)) {
                    relay(packet, other);
                }
            }
        }
    }

    public void onReceived(int rank, Received ack, long now) {
        outgoing.onReceived(rank, ack, now);
        stirred = true;
    }

    public void onStable(int rank, Stable stable) {
        if (stable.received() <= streams[rank].received()) {
            streams[rank].stable(stable.received());
            stirred = true;
        }
    }

    /** Notes that the application has taken packets of a rank. */
    public void onConsumed(int rank, long number, long now) {
        streams[rank].consumed(number);
        if (rank == self) {
            outgoing.consumedHere(number, now);
        }
    }

    /** Sends again what was lost on the way to a member. */
    public void resend(int rank) {
        outgoing.resend(rank);
        receipts[rank].forget();
    }

    /** The end of a turn: sends, orders, delivers, acknowledges. */
    public void endTurn(boolean maySend, long now) {
        while (!frozen && maySend && outgoing.send(now)) {
            stirred = true;
        }
        if (!frozen && self == 0) {
            OrderNumbers numbers = sequencer.order();
            Delivery delivery = sequencer.orderedSafe() ? Delivery.SAFE : Delivery.ON_RECEIPT;
            for (OrderNumbers part : numbers.parts(settings.mostRuns())) {
                outgoing.sendOrder(part, delivery);
            }
        }
        streams[self].stable(outgoing.stable());
        if (stirred) {
            deliver();
        }
        if (!frozen) {
            outgoing.announce(false);
            for (int rank = 0; rank < streams.length; rank++) {
                if (rank != self && receipts[rank].isDue()) {
                    acknowledge(rank);
                }
            }
        }
    }

    /** Sends the acknowledgements and stability that were put off, now that some time has passed. */
    public void tick(long now) {
        if (frozen) {
            return;
        }
        outgoing.announce(true);
        outgoing.tick(now);
        for (int rank = 0; rank < streams.length; rank++) {
            if (rank != self && receipts[rank].hasNews()) {
                acknowledge(rank);
            }
        }
    }

    private void acknowledge(int rank) {
        boolean feeds = waitingBytes() <= feedsUpToBytes;
        effects.send(view.member(rank).node(), receipts[rank].next(view.id(), feeds));
    }

    /** Rank of the member that has held up this one for too long; -1 if there is none. */
    public int laggard(long now) {
        return outgoing.laggard(now);
    }

    private void deliver() {
        stirred = false;
        takeOrderNumbers();
        boolean progress;
        do {
            progress = false;
            for (int rank = 0; rank < streams.length; rank++) {
                while (deliverNext(rank)) {
                    progress = true;
                }
            }
        } while (progress);
    }

    private void takeOrderNumbers() {
        long through = Math.min(streams[0].received(), limits[0]);
        while (ordered < through) {
            ordered++;
            Packet packet = streams[0].get(ordered);
            if (!packet.order().isEmpty()) {
                order.add(packet);
            }
        }
    }

    private boolean deliverNext(int rank) {
        SenderStream stream = streams[rank];
        Packet packet = stream.delivered() < limits[rank] ? stream.next() : null;
        if (packet == null || !mayDeliver(rank, packet)) {
            return false;
        }
        if (packet.isTotal()) {
            order.advance();
        }
        stream.deliveredNext(packet);
        effects.deliver(view.member(rank).node(), packet);
        if (rank == self && packet.count() > 0) {
            outgoing.receipts().delivered(packet, packet.isSafe() && (!ending || isSafe(rank, packet)));
        }
        return true;
    }

    private boolean mayDeliver(int rank, Packet packet) {
        if (packet.isCausal() && !isAfterCauses(rank, packet)) {
            return false;
        }
        if (packet.isTotal() && order.head() != rank) {
            return false;
        }
        return !packet.isSafe() || !packet.order().isEmpty() || ending || isSafe(rank, packet);
    }

    private boolean isAfterCauses(int rank, Packet packet) {
        for (int other = 0; other < streams.length; other++) {
            if (other != rank && packet.stamp().at(other) > streams[other].delivered()) {
                return false;
            }
        }
        return true;
    }

    /** True if every possible cut has this packet, its causes and its place in the order. */
    private boolean isSafe(int rank, Packet packet) {
        for (int other = 0; other < streams.length; other++) {
            long needed = other == rank ? packet.number() : packet.stamp().at(other);
            if (streams[other].stable() < needed) {
                return false;
            }
        }
        return !packet.isTotal() || streams[0].stable() >= order.headBy();
    }

    /** Freezes the digest, once for all attempts to end this view, and returns it (RULES.md V-4). */
    public VectorClock freeze() {
        if (!frozen) {
            frozen = true;
            for (int rank = 0; rank < streams.length; rank++) {
                limits[rank] = streams[rank].received();
            }
        }
        return VectorClock.of(limits);
    }

    /** True if a cut has all that this member may have delivered, as every cut has that it took part in. */
    public boolean isWithin(VectorClock union) {
        for (int rank = 0; rank < streams.length; rank++) {
            if (union.at(rank) < Math.min(limits[rank], streams[rank].received())) {
                return false;
            }
        }
        return true;
    }

    /** Relays the packets of a cut that other survivors lack and that this member has to give (RULES.md V-17). */
    public void relay(Trim trim) {
        new FlushRelay(view, self, streams, trim).run(this::relay);
    }

    private void relay(Packet packet, int to) {
        Packet relayed = packet.to() >= 0 && packet.to() != to ? packet.hollow() : packet;
        effects.send(view.member(to).node(), relayed);
    }

    /**
     * Returns the state of this member for a global snapshot; null once the view is being ended, as the state is not
     * settled.
     */
    @Nullable
    public GroupCut record(String group) {
        if (frozen) {
            return null;
        }
        // The packets of this turn may not have been searched yet.
        takeOrderNumbers();
        return ChannelCut.of(group, view, self, streams, order.turns());
    }

    private boolean isDelivered(VectorClock through) {
        for (int rank = 0; rank < streams.length; rank++) {
            if (streams[rank].delivered() < through.at(rank)) {
                return false;
            }
        }
        return true;
    }

    /** True if packets for this member came hollow, and their origin gives them in this attempt (RULES.md V-13). */
    public boolean waitsForOrigin(Trim trim) {
        return new FlushRelay(view, self, streams, trim).waitsForOrigin();
    }

    /** True if this member has every packet of a cut. */
    public boolean hasAll(VectorClock union) {
        for (int rank = 0; rank < streams.length; rank++) {
            if (streams[rank].received() < union.at(rank)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Delivers the rest of the view, in an order that is the same at all survivors: everything in the cut that has its
     * causes.
     *
     * <p>All survivors have the same packets now, so each finds the same end (RULES.md V-5).
     */
    public void end(VectorClock union) {
        ending = true;
        for (int rank = 0; rank < streams.length; rank++) {
            limits[rank] = union.at(rank);
        }
        takeOrderNumbers();
        VectorClock through = CausalClosure.of(streams, union);
        order.complete(streams, through);
        for (int rank = 0; rank < streams.length; rank++) {
            limits[rank] = through.at(rank);
        }
        deliver();
        if (!isDelivered(through)) {
            // The order numbers contradict the causes, so the sequencer has failed. Causes alone order the rest.
            effects.note(GroupEvent.ORDER_CONTRADICTS_CAUSES);
            order.forget();
            order.complete(streams, through);
            deliver();
        }
        for (int rank = 0; rank < streams.length; rank++) {
            Invariants.check(
                    streams[rank].delivered() == through.at(rank),
                    "delivered " + streams[rank].delivered() + " of rank " + rank + ", the trim is " + through);
        }
    }

    /** Number of this member's own packets that were delivered. */
    public long sentThrough() {
        return streams[self].delivered();
    }

    /** Receipts for this member's messages in this view. */
    public OpenReceipts receipts() {
        return outgoing.receipts();
    }

    public void checkInvariants() {
        for (SenderStream stream : streams) {
            stream.checkInvariants();
        }
    }
}
