package io.loggos.storage.kv.rows;

import io.loggos.api.Bytes;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import org.jspecify.annotations.Nullable;

/** Rows that can be read: those of a store, or of a snapshot of it. Keys are ordered as unsigned bytes. */
public interface OrderedRows {
    /** Receives the rows of a scan. */
    @FunctionalInterface
    interface Visitor {
        /** Receives a row. Returns true to continue. It must not change the store. */
        boolean visit(Bytes key, Bytes value);
    }

    /** Returns the value of a key, or null. */
    @Nullable
    Bytes get(Table table, Bytes key);

    /**
     * Visits rows in ascending order of their keys until the visitor returns false.
     *
     * @param from the first key
     * @param to the end of the range, exclusive; null for no end
     */
    void scan(Table table, Bytes from, @Nullable Bytes to, Visitor visitor);

    /** Returns the number of rows that {@link #scan} would visit, but counts no further than {@code most}. */
    default long count(Table table, Bytes from, @Nullable Bytes to, long most) {
        long[] count = {0};
        scan(table, from, to, (key, value) -> ++count[0] < most);
        return count[0];
    }
}
