package io.loggos.paxos.core.request;

import io.loggos.paxos.core.model.Submission;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Submissions by their sequence numbers, which are consecutive. Settled ones leave holes, which close from below. */
final class SubmissionRing {
    private @Nullable Submission[] ring = new Submission[64];
    private long lowest = 1;
    private long next = 1;

    /** The lowest sequence that may be unsettled. */
    long lowest() {
        return lowest;
    }

    /** The sequence of the next submission. */
    long next() {
        return next;
    }

    /** The number of sequences from the lowest unsettled one to the newest. */
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

    /** Returns the submission with this sequence, or null if it is settled. */
    @Nullable
    Submission get(long sequence) {
        return sequence < lowest || sequence >= next ? null : ring[(int) sequence & (ring.length - 1)];
    }

    /** Settles a submission and returns it, or returns null if it was settled before. */
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
