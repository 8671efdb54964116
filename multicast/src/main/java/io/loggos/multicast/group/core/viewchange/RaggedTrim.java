package io.loggos.multicast.group.core.viewchange;

import io.loggos.multicast.group.core.model.GroupMessage.Flushed;
import io.loggos.multicast.group.core.model.VectorClock;
import java.util.Collection;

/** Packets at the end of a view, from the digests of its survivors. */
final class RaggedTrim {
    private RaggedTrim() {}

    /**
     * For each rank, the number of its packets that some survivor has.
     *
     * <p>With delivery on receipt the minimum would be wrong: packets that one survivor has delivered, all must deliver
     * (RULES.md V-5). All survivors get the union, and each finds by itself the part that has its causes.
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
}
