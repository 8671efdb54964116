package io.loggos.api.snapshot;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.snapshot.cut.GroupCut;
import io.loggos.api.snapshot.cut.GroupCut.Sender;
import io.loggos.api.snapshot.cut.GroupCut.Sent;
import io.loggos.api.snapshot.cut.GroupCut.Turn;
import io.loggos.api.snapshot.cut.InFlight;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The packets of one view of a group that some member had not delivered at the cut, in one order.
 *
 * <p>The order keeps each sender's packets in turn, puts causes before their effects, and follows the total order as
 * far as it was decided. Each member lacks some of the packets. What it had delivered respects the same rules, so the
 * packets that it lacks can follow in this order. All members use one order, so it is total.
 *
 * <p>The most senior member decides the total order, and its numbers travel in its packets. A member knows a part of
 * them, and the rest is on the way to it. So any member's part and the rest give all turns that it had not taken. The
 * longest of these lists belongs to the member that had taken the fewest turns.
 */
final class Undelivered {
    private record Packet(int rank, Sent sent) {
        boolean isSame(@Nullable Packet other) {
            return other != null && rank == other.rank && sent.number() == other.sent.number();
        }

        boolean isTotal() {
            return sent.place().ordering().isTotal() && sent.place().order().isEmpty();
        }

        boolean isCausal() {
            return sent.place().ordering().isCausal() && sent.place().order().isEmpty();
        }
    }

    private final SortedMap<NodeId, GroupCut> members;
    private final List<NodeId> view;
    /** For each rank, its packets that some member lacks. */
    private final List<NavigableMap<Long, Packet>> left = new ArrayList<>();
    /** The total packets whose turn was decided, in order. */
    private final ArrayDeque<Packet> turns = new ArrayDeque<>();

    Undelivered(SortedMap<NodeId, GroupCut> members) {
        this.members = members;
        this.view = members.values().iterator().next().view().members();
        for (NodeId sender : view) {
            left.add(packetsOf(sender));
        }
        members.values().forEach(member -> {
            List<Packet> known = turnsAt(member);
            if (known.size() > turns.size()) {
                turns.clear();
                turns.addAll(known);
            }
        });
    }

    private NavigableMap<Long, Packet> packetsOf(NodeId sender) {
        int rank = view.indexOf(sender);
        NavigableMap<Long, Packet> packets = new TreeMap<>();
        GroupCut sending = members.get(sender);
        long leastReceived = Long.MAX_VALUE;
        for (GroupCut member : members.values()) {
            Sender come = member.senders().get(sender);
            if (come != null) {
                for (Sent held : come.held()) {
                    Packet known = packets.get(held.number());
                    // Members that a packet is not meant for hold it without messages.
                    if (known == null || known.sent.messages().isEmpty()) {
                        packets.put(held.number(), new Packet(rank, held));
                    }
                }
                leastReceived = Math.min(leastReceived, come.received());
            }
        }
        if (sending != null) {
            for (Sent kept : sending.kept()) {
                if (kept.number() > leastReceived) {
                    packets.put(kept.number(), new Packet(rank, kept));
                }
            }
        }
        return packets;
    }

    /** The turns that a member had not taken, those on the way to it included. */
    private List<Packet> turnsAt(GroupCut member) {
        List<Turn> order = new ArrayList<>(member.order());
        Sender senior = member.senders().get(view.get(0));
        if (senior != null) {
            left.get(0)
                    .tailMap(senior.received(), false)
                    .values()
                    .forEach(packet -> order.addAll(packet.sent.place().order()));
        }
        List<ArrayDeque<Packet>> totals = new ArrayList<>();
        for (int rank = 0; rank < view.size(); rank++) {
            Sender come = member.senders().get(view.get(rank));
            long delivered = come == null ? Long.MAX_VALUE : come.delivered();
            totals.add(new ArrayDeque<>(left.get(rank).tailMap(delivered, false).values().stream()
                    .filter(Packet::isTotal)
                    .toList()));
        }
        List<Packet> found = new ArrayList<>();
        for (Turn turn : order) {
            for (int i = 0; i < turn.packets() && turn.rank() < totals.size(); i++) {
                Packet next = totals.get(turn.rank()).poll();
                if (next != null) {
                    found.add(next);
                }
            }
        }
        return found;
    }

    /** Returns the messages for each receiver that lacks them; last come those that waited at their senders. */
    List<InFlight<Bytes>> inOrder() {
        List<InFlight<Bytes>> messages = new ArrayList<>();
        for (Packet next = next(); next != null; next = next()) {
            left.get(next.rank).remove(next.sent.number());
            if (next.isSame(turns.peekFirst())) {
                turns.removeFirst();
            }
            add(next, messages);
        }
        for (NodeId sender : view) {
            GroupCut sending = members.get(sender);
            if (sending != null) {
                sending.queued()
                        .forEach(queued -> members.keySet().forEach(to -> {
                            if (view.contains(to)
                                    && (queued.to() == null || queued.to().equals(to))) {
                                messages.add(new InFlight<>(sender, to, queued.message()));
                            }
                        }));
            }
        }
        return messages;
    }

    private void add(Packet packet, List<InFlight<Bytes>> messages) {
        NodeId from = view.get(packet.rank);
        members.forEach((to, member) -> {
            Sender come = member.senders().get(from);
            boolean isTarget = packet.sent.to() == null || packet.sent.to().equals(to);
            if (come != null && isTarget && packet.sent.number() > come.delivered()) {
                packet.sent.messages().forEach(message -> messages.add(new InFlight<>(from, to, message)));
            }
        });
    }

    /** The packet that comes next; null at the end. */
    private @Nullable Packet next() {
        Packet last = null;
        for (NavigableMap<Long, Packet> stream : left) {
            Packet first = stream.isEmpty() ? null : stream.firstEntry().getValue();
            if (first != null && mayFollow(first)) {
                return first;
            }
            last = last == null ? first : last;
        }
        // A member of the view that is not in the snapshot may have had what is missing.
        return last;
    }

    private boolean mayFollow(Packet packet) {
        List<Long> stamp = packet.sent.place().stamp();
        for (int rank = 0; packet.isCausal() && rank < Math.min(stamp.size(), left.size()); rank++) {
            NavigableMap<Long, Packet> causes = left.get(rank);
            if (rank != packet.rank && !causes.isEmpty() && causes.firstKey() <= stamp.get(rank)) {
                return false;
            }
        }
        return !packet.isTotal() || turns.isEmpty() || packet.isSame(turns.peekFirst());
    }
}
