package io.loggos.multicast.group.core.channel;

import io.loggos.api.Bytes;
import io.loggos.api.group.Delivery;
import io.loggos.api.group.Ordering;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupEvent;
import io.loggos.multicast.group.core.model.GroupMessage.Received;
import io.loggos.multicast.group.core.model.GroupMessage.Stable;
import io.loggos.multicast.group.core.model.GroupSettings;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.OrderNumbers;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.SendQueue;
import io.loggos.multicast.group.core.model.Submission;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * This member's own packets in one view.
 *
 * <p>It puts waiting messages into packets as far as there is credit, and keeps account of the members that have them.
 */
final class Outgoing {
    /** Heartbeats without an acknowledgement after which missing packets are sent again. */
    private static final int RESEND_HEARTBEATS = 10;

    private final GroupSettings settings;
    private final GroupEffects effects;
    private final SendQueue queue;
    private final GroupView view;
    private final int self;
    private final SenderStream[] streams;
    private final SenderStream own;
    private final Stability stability;
    private final OpenReceipts receipts;
    private final List<Submission> together = new ArrayList<>();
    /** The costs of own packets that some application has not yet taken, oldest first. */
    private final ArrayDeque<Long> untaken = new ArrayDeque<>();

    private long untakenBytes;
    /** Bytes of earlier views that some application has not yet taken from this member. */
    private long carriedBytes;

    private long taken;
    /** Number up to which the others were told that all have this member's packets. */
    private long announced;

    private long announcedBytes;
    private long sentBytes;
    private boolean safeUnannounced;
    private long resentNanos;

    Outgoing(
            GroupSettings settings,
            GroupEffects effects,
            SendQueue queue,
            GroupView view,
            int self,
            SenderStream[] streams,
            long carriedBytes,
            long now) {
        this.settings = settings;
        this.effects = effects;
        this.queue = queue;
        this.view = view;
        this.self = self;
        this.streams = streams;
        this.own = streams[self];
        this.stability = new Stability(view, self, now);
        this.receipts = new OpenReceipts(effects, view, self);
        this.resentNanos = now;
        this.carriedBytes = carriedBytes;
        this.untakenBytes = carriedBytes;
    }

    /** Bytes that some application has not yet taken from this member, in this view or before. */
    long untakenBytes() {
        return untakenBytes;
    }

    /** Receipts for this member's messages. */
    OpenReceipts receipts() {
        return receipts;
    }

    /** Sends one packet of what waits; false if nothing waits or there is no credit. */
    boolean send(long now) {
        if (carriedBytes > 0) {
            // A member that has taken this packet has taken all of the earlier views: one window holds across views.
            emitEmpty(carriedBytes, OrderNumbers.NONE, Delivery.ON_RECEIPT);
            carriedBytes = 0;
        }
        Submission first = queue.peek();
        if (first == null || untakenBytes >= settings.options().windowBytes()) {
            return false;
        }
        if (untakenBytes == 0) {
            stability.pardon(now);
        }
        int bytes = 0;
        together.clear();
        for (Submission next = first;
                next != null
                        && next.goesWith(first)
                        && (together.isEmpty() || bytes + 4 + next.message().size() <= settings.packetBytes());
                next = queue.peek()) {
            together.add(queue.poll());
            bytes += 4 + next.message().size();
        }
        int to = first.to() == null ? -1 : view.rank(first.to());
        if (first.to() != null && to < 0) {
            effects.note(GroupEvent.SENT_TO_NO_MEMBER);
            receipts.notSent(together);
            together.clear();
            return true;
        }
        ByteWriter writer = new ByteWriter(bytes);
        for (int i = 0; i < together.size(); i++) {
            writer.putBytes(together.get(i).message());
        }
        boolean stamped = first.ordering().isCausal() || first.delivery() == Delivery.SAFE;
        Packet packet = new Packet(
                view.id(),
                self,
                own.received() + 1,
                first.ordering(),
                first.delivery(),
                to,
                stamped ? stamp() : VectorClock.NONE,
                OrderNumbers.NONE,
                first.content(),
                together.size(),
                writer.toBytes());
        receipts.sent(packet, together);
        together.clear();
        untaken.add(packet.costBytes());
        untakenBytes += packet.costBytes();
        emit(packet);
        return true;
    }

    /** Sends order numbers; they need no credit. */
    void sendOrder(OrderNumbers numbers, Delivery delivery) {
        emitEmpty(0, numbers, delivery);
    }

    private void emitEmpty(long costBytes, OrderNumbers numbers, Delivery delivery) {
        untaken.add(costBytes);
        emit(new Packet(
                view.id(),
                self,
                own.received() + 1,
                Ordering.FIFO,
                delivery,
                -1,
                VectorClock.NONE,
                numbers,
                0,
                Bytes.EMPTY));
    }

    private void emit(Packet packet) {
        own.add(packet);
        sentBytes += packet.costBytes();
        safeUnannounced |= packet.isSafe();
        for (int rank = 0; rank < view.size(); rank++) {
            if (rank != self) {
                transmit(packet, rank);
            }
        }
    }

    private void transmit(Packet packet, int rank) {
        boolean hollow = packet.to() >= 0 && packet.to() != rank;
        effects.send(view.member(rank).node(), hollow ? packet.hollow() : packet);
    }

    /** For each rank, the packets that this member has delivered, and all its own packets. */
    private VectorClock stamp() {
        long[] delivered = new long[streams.length];
        for (int rank = 0; rank < delivered.length; rank++) {
            delivered[rank] = rank == self ? own.received() : streams[rank].delivered();
        }
        return VectorClock.of(delivered);
    }

    void onReceived(int rank, Received ack, long now) {
        if (stability.onReceived(rank, ack, own.received(), now)) {
            settle();
            receipts.taken(rank, ack.taken());
        }
    }

    void consumedHere(long through, long now) {
        stability.consumedHere(through, now);
        settle();
    }

    private void settle() {
        for (long through = stability.consumedByAll(); taken < through && !untaken.isEmpty(); taken++) {
            untakenBytes -= untaken.removeFirst();
        }
    }

    /** Number of its packets that all members have. */
    long stable() {
        return stability.stable(own.received());
    }

    /** Tells the others what is stable, if it is time. */
    void announce(boolean late) {
        long stable = stable();
        boolean worth = sentBytes - announcedBytes >= settings.options().windowBytes() / 8;
        if (stable > announced && (late || safeUnannounced || worth)) {
            announced = stable;
            announcedBytes = sentBytes;
            safeUnannounced = safeUnannounced && stable < own.received();
            for (int rank = 0; rank < view.size(); rank++) {
                if (rank != self) {
                    effects.send(view.member(rank).node(), new Stable(view.id(), stable));
                }
            }
        }
    }

    /** Sends again the packets that a member has not acknowledged. */
    void resend(int rank) {
        for (long n = stability.received(rank) + 1; n <= own.received(); n++) {
            if (own.keeps(n)) {
                transmit(own.get(n), rank);
            }
        }
        if (announced > 0) {
            effects.send(view.member(rank).node(), new Stable(view.id(), announced));
        }
    }

    /** Sends again packets that have been unacknowledged for long: the last resort against any loss. */
    void tick(long now) {
        long patienceNanos = RESEND_HEARTBEATS * settings.heartbeatNanos();
        if (stability.standingStillNanos(now) < patienceNanos || now - resentNanos < patienceNanos) {
            return;
        }
        resentNanos = now;
        for (int rank = 0; rank < view.size(); rank++) {
            if (rank != self && stability.received(rank) < own.received()) {
                effects.note(GroupEvent.SENT_AGAIN);
                resend(rank);
            }
        }
    }

    /** Rank of the member that has not taken anything for too long while this member waits; -1 if there is none. */
    int laggard(long now) {
        boolean waits = untakenBytes >= settings.options().windowBytes();
        boolean tooLong = stability.standingStillNanos(now)
                > settings.options().slowMemberTimeout().toNanos();
        int slowest = stability.slowest();
        // Before this member has sent anything in this view, nobody can have failed to take it.
        return waits && tooLong && stability.consumed(slowest) < own.received() ? slowest : -1;
    }
}
