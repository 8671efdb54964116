package io.loggos.paxos.sim.predicate;

import io.loggos.api.Ballot;
import java.util.TreeMap;

/** The slots that a node has proposed in one ballot and has not called chosen, as its accepts tell. */
final class OpenSlots {
    private final TreeMap<Long, Integer> sizes = new TreeMap<>();
    private Ballot ballot = Ballot.ZERO;
    private long chosenThrough;
    private long bytes;

    /** Notes an accept. Links may send it again, and later to one peer than to another. */
    void add(Ballot in, long slot, long chosen, int size) {
        if (in.isAbove(ballot)) {
            ballot = in;
            chosenThrough = 0;
            sizes.clear();
            bytes = 0;
        }
        if (!in.equals(ballot)) {
            return;
        }
        chosenThrough = Math.max(chosenThrough, chosen);
        while (!sizes.isEmpty() && sizes.firstKey() <= chosenThrough) {
            bytes -= sizes.pollFirstEntry().getValue();
        }
        if (slot > chosenThrough && sizes.put(slot, size) == null) {
            bytes += size;
        }
    }

    int count() {
        return sizes.size();
    }

    long bytes() {
        return bytes;
    }
}
