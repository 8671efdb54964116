package io.loggos.api.kv;

import io.loggos.api.Bytes;
import io.loggos.api.kv.keys.KeyRange;
import java.util.List;

/** One operation on the store, alone or in a transaction. */
public sealed interface Operation {
    /** The field by which a range is sorted. */
    enum SortTarget {
        KEY,
        VERSION,
        CREATE_REVISION,
        MOD_REVISION,
        VALUE
    }

    /** The direction of the sort. {@code NONE} is ascending too, as in etcd. */
    enum SortOrder {
        NONE,
        ASCENDING,
        DESCENDING
    }

    /**
     * Reads keys.
     *
     * @param keys the range
     * @param revision the revision to read at, or 0 for the latest
     * @param limit the greatest number of keys to return, applied after sorting and filtering; 0 for all
     * @param sortTarget the field to sort by
     * @param sortOrder the direction of the sort
     * @param keysOnly true to leave out the values
     * @param countOnly true to return only the count
     * @param minModRevision the lowest mod revision to return; 0 for no bound, as in the next three
     * @param maxModRevision the highest mod revision to return
     * @param minCreateRevision the lowest create revision to return
     * @param maxCreateRevision the highest create revision to return
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
        /** Returns a read of these keys at the latest revision. */
        public static Range of(KeyRange keys) {
            return new Range(keys, 0, 0, SortTarget.KEY, SortOrder.NONE, false, false, 0, 0, 0, 0);
        }

        /** Returns the same read at a revision. */
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

        /** Returns the same read with a limit. */
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
     * @param key the key
     * @param value the new value
     * @param lease the lease to attach the key to, or 0 for none. The key leaves the lease that it had
     * @param previous true to return the previous key and value
     * @param keepValue true to keep the present value ({@code value} is then empty)
     * @param keepLease true to keep the present lease ({@code lease} is then 0)
     */
    record Put(Bytes key, Bytes value, long lease, boolean previous, boolean keepValue, boolean keepLease)
            implements Operation {
        /** Returns a put of a value without a lease. */
        public static Put of(Bytes key, Bytes value) {
            return new Put(key, value, 0, false, false, false);
        }

        /** Returns the same put, attached to a lease. The key is deleted when the lease ends ({@link Leases}). */
        public Put attachedTo(long toLease) {
            return new Put(key, value, toLease, previous, keepValue, keepLease);
        }
    }

    /**
     * Deletes keys.
     *
     * @param keys the range
     * @param previous true to return the deleted keys and values
     */
    record Delete(KeyRange keys, boolean previous) implements Operation {}

    /**
     * Runs {@code then} if all comparisons hold, else {@code otherwise}, all of it at one revision.
     *
     * <p>A transaction may put each key only once.
     *
     * @param compares the conditions
     * @param then the operations if all conditions hold
     * @param otherwise the operations if one does not hold
     */
    record Transaction(List<Compare> compares, List<Operation> then, List<Operation> otherwise) implements Operation {
        public Transaction {
            compares = List.copyOf(compares);
            then = List.copyOf(then);
            otherwise = List.copyOf(otherwise);
        }
    }

    /**
     * Forgets versions that were superseded at or before a revision. Lower revisions cannot be read afterwards.
     *
     * @param revision the revision to keep as the oldest
     */
    record Compact(long revision) implements Operation {}
}
