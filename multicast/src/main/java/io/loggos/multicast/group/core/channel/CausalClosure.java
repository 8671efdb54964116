package io.loggos.multicast.group.core.channel;

import io.loggos.multicast.group.core.model.Packet;
import io.loggos.multicast.group.core.model.VectorClock;

/** The part of a view's packets that has all its causes (RULES.md V-5). */
final class CausalClosure {
    private CausalClosure() {}

    /**
     * For each rank, the number of its packets that can be delivered one after the other.
     *
     * <p>A member that failed may have seen a packet that no survivor has. Packets that it sent after that cannot be
     * delivered. Neither can its later packets, nor the packets that they caused.
     *
     * <p>Survivors that have delivered different packets find the same end: what each has delivered is part of it.
     *
     * @param union the packets that are here, at least those delivered
     */
    static VectorClock of(SenderStream[] streams, VectorClock union) {
        long[] through = new long[streams.length];
        for (int rank = 0; rank < through.length; rank++) {
            through[rank] = streams[rank].delivered();
        }
        boolean progress;
        do {
            progress = false;
            for (int rank = 0; rank < through.length; rank++) {
                while (through[rank] < union.at(rank) && hasCauses(streams[rank], rank, through)) {
                    through[rank]++;
                    progress = true;
                }
            }
        } while (progress);
        return VectorClock.of(through);
    }

    private static boolean hasCauses(SenderStream stream, int rank, long[] through) {
        Packet next = stream.get(through[rank] + 1);
        for (int other = 0; next.isCausal() && other < through.length; other++) {
            if (other != rank && next.stamp().at(other) > through[other]) {
                return false;
            }
        }
        return true;
    }
}
