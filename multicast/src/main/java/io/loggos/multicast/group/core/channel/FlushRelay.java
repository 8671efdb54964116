package io.loggos.multicast.group.core.channel;

import io.loggos.multicast.group.core.model.GroupEffects;
import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.VectorClock;

/** Relay of packets to members that lack them, above all when a view ends (RULES.md V-17). */
final class FlushRelay {
    private final GroupEffects effects;
    private final GroupView view;
    private final int self;
    private final SenderStream[] streams;

    FlushRelay(GroupEffects effects, GroupView view, int self, SenderStream[] streams) {
        this.effects = effects;
        this.view = view;
        this.self = self;
        this.streams = streams;
    }

    /** Relays the packets of a cut that other survivors lack and that this member has to give. */
    void relay(Trim trim) {
        int me = trim.survivors().indexOf(view.member(self));
        for (int rank = 0; rank < streams.length; rank++) {
            if (me == giver(trim, rank)) {
                for (int other = 0; other < trim.survivors().size(); other++) {
                    VectorClock digest = trim.digests().get(other);
                    long has = digest.size() == 0 || other == me ? trim.union().at(rank) : digest.at(rank);
                    for (long n = has + 1; n <= trim.union().at(rank); n++) {
                        relay(streams[rank].get(n), view.rank(trim.survivors().get(other)));
                    }
                }
            }
        }
    }

    /**
     * Survivor that relays the packets of a rank: the rank itself, or the first survivor that has them all.
     *
     * <p>Only the rank itself has all packets that it sent to one member alone.
     */
    private int giver(Trim trim, int rank) {
        int origin = trim.survivors().indexOf(view.member(rank));
        if (origin >= 0 && trim.digests().get(origin).size() > 0) {
            return origin;
        }
        for (int survivor = 0; survivor < trim.survivors().size(); survivor++) {
            VectorClock digest = trim.digests().get(survivor);
            if (digest.size() > 0 && digest.at(rank) >= trim.union().at(rank)) {
                return survivor;
            }
        }
        return -1;
    }

    /** True if packets for this member came hollow, and their origin gives them in this attempt. */
    boolean waitsForOrigin(Trim trim) {
        for (int rank = 0; rank < streams.length; rank++) {
            if (streams[rank].isHollow() && trim.isReached(view.member(rank))) {
                return true;
            }
        }
        return false;
    }

    /** Relays a packet to the member of a rank, hollow if it is not for it. */
    void relay(Packet packet, int to) {
        Packet relayed = packet.to() >= 0 && packet.to() != to ? packet.hollow() : packet;
        effects.send(view.member(to).node(), relayed);
    }
}
