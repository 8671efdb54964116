package io.loggos.paxos.sim.predicate;

import io.loggos.api.Bytes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The checkpoints behind which the logs of nodes may begin (MP18). */
final class Truncations {
    /** The hashes of the checkpoints that were offered. */
    private final Map<Long, Bytes> offered = new HashMap<>();
    /** The checkpoint behind which the present life of each node began, if its log did not know so much, or 0. */
    private final long[] openedAt;
    /** The newest checkpoint of each node that was sound when one rotted. Its replica may not know of that yet. */
    private final long[] rottenAt;
    /** The sound checkpoint before that one. */
    private final long[] beforeRot;

    Truncations(int nodes) {
        openedAt = new long[nodes + 1];
        rottenAt = new long[nodes + 1];
        beforeRot = new long[nodes + 1];
    }

    void opened(int node, long checkpointSlot) {
        openedAt[node] = checkpointSlot;
    }

    void rots(int node, long newestSlot, long previousSlot) {
        rottenAt[node] = Math.max(rottenAt[node], newestSlot);
        beforeRot[node] = Math.max(beforeRot[node], previousSlot);
    }

    /** Notes the hash of a checkpoint that is offered. Returns false if another one was offered for this slot. */
    boolean offers(long slot, Bytes hash) {
        Bytes before = offered.putIfAbsent(slot, hash);
        return before == null || before.equals(hash);
    }

    /**
     * Tells what is wrong if a log begins at a slot. If the node cannot have fetched its newest checkpoint, the log is kept
     * from the one before it, in case the newest rots; but a damaged record ends the log at the newest.
     */
    @Nullable
    String wrong(int node, long belowSlot, long newestSlot, long previousSlot, boolean damaged) {
        long newest = damaged ? Math.max(newestSlot, rottenAt[node]) : newestSlot;
        boolean mustBegin = damaged || belowSlot == openedAt[node] + 1 || offered.containsKey(newest);
        if (belowSlot > (mustBegin ? newest : Math.max(previousSlot, beforeRot[node])) + 1) {
            return "node " + node + " forgets below " + belowSlot + ", its checkpoints are at " + previousSlot + " and "
                    + newest;
        }
        return null;
    }
}
