package io.loggos.api.kv;

import io.loggos.api.Bytes;
import java.util.List;

/** One operation, alone or in a transaction. */
public sealed interface Operation {
    /** What to sort a range by. */
    enum SortTarget {
        KEY,
        VERSION,
        CREATE_REVISION,
        MOD_REVISION,
        VALUE
    }

    /** In which direction; {@code NONE} is ascending too, as in etcd. */
    enum SortOrder {
        NONE,
        ASCENDING,
        DESCENDING
    }

    /**
     * Reads keys.
     *
     * @param revision as of this revision, or as of now if 0
     * @param limit the most keys to return, or all if 0; applied after sorting and filtering
     * @param minModRevision no key modified before it; 0 for no bound, as in the three that follow
     */
    record Range(
            KeyRange keys,
            long revision,
            long limit,
            SortTarget sortTarget,
            SortOrder sortOrder,
            boolean keysOnly,
            boolean countOnly,
            long minModRevision,
            long maxModRevision,
            long minCreateRevision,
            long maxCreateRevision)
            implements Operation {
        /** All of these keys as of now. */
        public static Range of(KeyRange keys) {
            return new Range(keys, 0, 0, SortTarget.KEY, SortOrder.NONE, false, false, 0, 0, 0, 0);
        }

        /** The same as of a revision. */
        public Range atRevision(long asOf) {
            return new Range(
                    keys,
                    asOf,
                    limit,
                    sortTarget,
                    sortOrder,
                    keysOnly,
                    countOnly,
                    minModRevision,
                    maxModRevision,
                    minCreateRevision,
                    maxCreateRevision);
        }

        /** The same with a limit. */
        public Range limitedTo(long most) {
            return new Range(
                    keys,
                    revision,
                    most,
                    sortTarget,
                    sortOrder,
                    keysOnly,
                    countOnly,
                    minModRevision,
                    maxModRevision,
                    minCreateRevision,
                    maxCreateRevision);
        }
    }

    /**
     * Puts a key.
     *
     * @param previous whether to return what the key was before
     * @param keepValue whether to keep the value that is there ({@code value} is then empty)
     * @param keepLease whether to keep the lease that is there ({@code lease} is then 0)
     */
    record Put(Bytes key, Bytes value, long lease, boolean previous, boolean keepValue, boolean keepLease)
            implements Operation {
        /** Puts a value. */
        public static Put of(Bytes key, Bytes value) {
            return new Put(key, value, 0, false, false, false);
        }
    }

    /**
     * Deletes keys.
     *
     * @param previous whether to return what they were
     */
    record Delete(KeyRange keys, boolean previous) implements Operation {}

    /**
     * If all comparisons hold, does {@code then}, else {@code otherwise}: all of it at one revision. A key may
     * be put only once in it.
     */
    record Transaction(List<Compare> compares, List<Operation> then, List<Operation> otherwise) implements Operation {
        public Transaction {
            compares = List.copyOf(compares);
            then = List.copyOf(then);
            otherwise = List.copyOf(otherwise);
        }
    }

    /** Forgets what was superseded at or before this revision; older revisions can then not be read. */
    record Compact(long revision) implements Operation {}
}
