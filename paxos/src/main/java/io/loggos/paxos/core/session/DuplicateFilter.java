package io.loggos.paxos.core.session;

import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.util.TreeSet;

/** The sequences of one session that were taken, so that none is taken twice. */
public final class DuplicateFilter {
    /** The last sequence up to which all are taken, or were settled before they came. */
    private long through;

    private final TreeSet<Long> above = new TreeSet<>();

    /** Notes that all sequences below {@code lowest} are settled. */
    public void settledBelow(long lowest) {
        if (lowest - 1 > through) {
            through = lowest - 1;
            close();
        }
    }

    /** Takes a sequence. Returns false if it was taken before. */
    public boolean take(long sequence) {
        if (sequence == through + 1) {
            through = sequence;
        } else if (sequence <= through || !above.add(sequence)) {
            return false;
        }
        close();
        return true;
    }

    /** Gives back a sequence for which there was no room. */
    public void giveBack(long sequence) {
        if (!above.remove(sequence)) {
            for (long taken = sequence + 1; taken <= through; taken++) {
                above.add(taken);
            }
            through = sequence - 1;
        }
    }

    void writeTo(ByteWriter writer) {
        writer.putLong(through).putInt(above.size());
        above.forEach(writer::putLong);
    }

    static DuplicateFilter readFrom(ByteReader reader) {
        DuplicateFilter taken = new DuplicateFilter();
        taken.through = reader.getCount();
        for (int left = reader.getElementCount(8); left > 0; left--) {
            taken.above.add(reader.getLong());
        }
        return taken;
    }

    private void close() {
        if (above.isEmpty()) {
            return;
        }
        above.headSet(through, true).clear();
        while (!above.isEmpty() && above.first() == through + 1) {
            through = above.pollFirst();
        }
    }
}
