package io.loggos.api.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an {@link Operation} answers. Each has the revision of the store after it. */
public sealed interface Outcome {
    /** The revision of the store after the operation. */
    long revision();

    /**
     * Keys that were read.
     *
     * @param more whether the limit cut some off
     * @param count how many keys the range holds, without limit and filters
     */
    record Range(long revision, List<KeyValue> keyValues, boolean more, long count) implements Outcome {
        public Range {
            keyValues = List.copyOf(keyValues);
        }
    }

    /**
     * A key was put.
     *
     * @param previous what it was before, if that was asked for and it was there
     */
    record Put(long revision, @Nullable KeyValue previous) implements Outcome {}

    /**
     * Keys were deleted.
     *
     * @param previous what they were, if that was asked for
     */
    record Delete(long revision, long deleted, List<KeyValue> previous) implements Outcome {
        public Delete {
            previous = List.copyOf(previous);
        }
    }

    /** A transaction was done: which branch, and what each operation in it answered. */
    record Transaction(long revision, boolean succeeded, List<Outcome> outcomes) implements Outcome {
        public Transaction {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** The store was compacted. */
    record Compact(long revision) implements Outcome {}
}
