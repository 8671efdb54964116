package io.loggos.paxos.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Submissions by their sequence, which is consecutive; settled ones leave holes that close from below. */
final class SubmissionRing {
    private @Nullable Submission[] ring = new Submission[64];
    private long lowest = 1;
    private long next = 1;

    /** All below this are settled. */
    long lowest() {
        return lowest;
    }

    /** The sequence of the next one. */
    long next() {
        return next;
    }

    /** How many are between the lowest that is not settled and the newest. */
    int span() {
        return (int) (next - lowest);
    }

    boolean isEmpty() {
        return lowest == next;
    }

    void add(Submission submission) {
        if (submission.sequence != next) {
            throw new IllegalStateException("sequence " + submission.sequence + " after " + (next - 1));
        }
        if (next - lowest == ring.length) {
            @Nullable Submission[] larger = new Submission[2 * ring.length];
            for (long sequence = lowest; sequence < next; sequence++) {
                larger[(int) sequence & (larger.length - 1)] = ring[(int) sequence & (ring.length - 1)];
            }
            ring = larger;
        }
        ring[(int) next & (ring.length - 1)] = submission;
        next++;
    }

    /** The one of this sequence, unless it is settled. */
    @Nullable
    Submission get(long sequence) {
        return sequence < lowest || sequence >= next ? null : ring[(int) sequence & (ring.length - 1)];
    }

    /** Settles one and returns it, unless it was settled before. */
    @Nullable
    Submission remove(long sequence) {
        Submission removed = get(sequence);
        if (removed != null) {
            ring[(int) sequence & (ring.length - 1)] = null;
            while (lowest < next && ring[(int) lowest & (ring.length - 1)] == null) {
                lowest++;
            }
            if (lowest == next && ring.length > 1 << 16) {
                ring = Arrays.copyOf(ring, 64);
            }
        }
        return removed;
    }
}
