package io.loggos.api.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to an {@link Operation}. Each answer has the store's revision after the operation. */
public sealed interface Outcome {
    /** The revision of the store after the operation. */
    long revision();

    /**
     * Keys that were read.
     *
     * @param revision the revision of the store
     * @param keyValues the keys, in the requested order
     * @param more true if the limit left some keys out
     * @param count the number of keys in the range, without limit and filters
     */
    record Range(long revision, List<KeyValue> keyValues, boolean more, long count) implements Outcome {
        public Range {
            keyValues = List.copyOf(keyValues);
        }
    }

    /**
     * A key was put.
     *
     * @param revision the revision of the store after the put
     * @param previous the previous key and value, if it was requested and existed; else null
     */
    record Put(long revision, @Nullable KeyValue previous) implements Outcome {}

    /**
     * Keys were deleted.
     *
     * @param revision the revision of the store after the deletion
     * @param deleted the number of deleted keys
     * @param previous the deleted keys and values, if they were requested
     */
    record Delete(long revision, long deleted, List<KeyValue> previous) implements Outcome {
        public Delete {
            previous = List.copyOf(previous);
        }
    }

    /**
     * A transaction was run.
     *
     * @param revision the revision of the store after the transaction
     * @param succeeded true if all conditions held
     * @param outcomes the answers of the operations in the branch that ran, in their order
     */
    record Transaction(long revision, boolean succeeded, List<Outcome> outcomes) implements Outcome {
        public Transaction {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** The store was compacted. */
    record Compact(long revision) implements Outcome {}
}
