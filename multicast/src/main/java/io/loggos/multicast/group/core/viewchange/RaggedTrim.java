package io.loggos.multicast.group.core.viewchange;

import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.GroupMessage.Held;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.Collection;

/** End of a view, computed from the digests of its survivors. */
final class RaggedTrim {
    private RaggedTrim() {}

    /**
     * For each rank, the number of its packets that some survivor has.
     *
     * <p>With delivery on receipt the minimum would be wrong: packets that one survivor has delivered, all must deliver
     * (RULES.md V-5).
     */
    static VectorClock union(int ranks, Collection<Flushed> digests) {
        long[] union = new long[ranks];
        for (Flushed digest : digests) {
            for (int rank = 0; rank < ranks; rank++) {
                union[rank] = Math.max(union[rank], digest.received().at(rank));
            }
        }
        return VectorClock.of(union);
    }

    /**
     * The part of the union that has all its causes.
     *
     * <p>A member that failed may have seen a packet that no survivor has. Packets that it sent after that cannot be
     * delivered. Neither can its later packets, nor the packets that they caused.
     *
     * <p>Only packets that are held back everywhere are in question: if a survivor has delivered a packet, it had the
     * causes.
     */
    static VectorClock close(VectorClock union, Collection<Flushed> digests) {
        long[] through = union.toArray();
        boolean changed;
        do {
            changed = false;
            for (Flushed digest : digests) {
                for (Held held : digest.held()) {
                    if (held.number() <= through[held.origin()] && lacksCause(held, through)) {
                        through[held.origin()] = held.number() - 1;
                        changed = true;
                    }
                }
            }
        } while (changed);
        return VectorClock.of(through);
    }

    private static boolean lacksCause(Held held, long[] through) {
        for (int rank = 0; rank < through.length; rank++) {
            if (rank != held.origin() && held.stamp().at(rank) > through[rank]) {
                return true;
            }
        }
        return false;
    }
}
