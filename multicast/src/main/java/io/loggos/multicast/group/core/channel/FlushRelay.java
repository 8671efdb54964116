package io.loggos.multicast.group.core.channel;

import io.loggos.multicast.group.core.model.GroupMessage.Trim;
import io.loggos.multicast.group.core.model.GroupView;
import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.function.ObjIntConsumer;

/** Packets of a cut that this member has to give to other survivors (RULES.md V-17). */
final class FlushRelay {
    private final GroupView view;
    private final SenderStream[] streams;
    private final Trim trim;
    /** The place of this member among the survivors. */
    private final int me;

    FlushRelay(GroupView view, int self, SenderStream[] streams, Trim trim) {
        this.view = view;
        this.streams = streams;
        this.trim = trim;
        this.me = trim.survivors().indexOf(view.member(self));
    }

    /** Passes on each packet, with the rank that lacks it. */
    void run(ObjIntConsumer<Packet> relay) {
        for (int rank = 0; rank < streams.length; rank++) {
            if (me == giver(rank)) {
                for (int other = 0; other < trim.survivors().size(); other++) {
                    give(relay, rank, other);
                }
            }
        }
    }

    /** True if packets for this member came hollow, and their origin gives them in this attempt. */
    boolean waitsForOrigin() {
        for (int rank = 0; rank < streams.length; rank++) {
            if (streams[rank].isHollow() && trim.isReached(view.member(rank))) {
                return true;
            }
        }
        return false;
    }

    private void give(ObjIntConsumer<Packet> relay, int rank, int other) {
        VectorClock digest = trim.digests().get(other);
        if (digest.size() == 0 || other == me) {
            return;
        }
        // A digest may be absurd. Only what is here can be given.
        long through = Math.min(trim.union().at(rank), streams[rank].received());
        for (long n = Math.max(digest.at(rank), streams[rank].base()) + 1; n <= through; n++) {
            relay.accept(streams[rank].get(n), view.rank(trim.survivors().get(other)));
        }
    }

    /**
     * Survivor that relays the packets of a rank: the rank itself, or the first survivor that has them all.
     *
     * <p>Only the rank itself has all packets that it sent to one member alone.
     */
    private int giver(int rank) {
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
}
