package io.loggos.storage.kv.versions;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.storage.kv.rows.OrderedRows;
import io.loggos.storage.kv.rows.OrderedStore;
import io.loggos.storage.kv.rows.OrderedStore.Table;
import io.loggos.storage.kv.rows.StoreBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The rows of leases. LEASED has a row without content for each key with a lease: eight bytes for the lease, then the
 * key. These rows change with the keys, in the same batch. META has a row for each lease, below the prefix {@link
 * #HEADERS}, and one for all of them. The owner of the leases writes those for a checkpoint.
 */
public final class LeaseRows {
    /** Before all rows of leases in META, and before that of the state. */
    static final Bytes HEADERS = Bytes.utf8("lease/");

    private static final Bytes HEADERS_END = Bytes.utf8("lease0");
    private static final Bytes TABLE = Bytes.utf8("leases");

    private static final int ID_BYTES = 8;

    private final VersionedStore versions;
    private final OrderedStore store;

    LeaseRows(VersionedStore versions, OrderedStore store) {
        this.versions = versions;
        this.store = store;
    }

    /** Moves a key from the lease of its superseded version to that of the new one. */
    static void move(StoreBatch batch, EventRow event, @Nullable KeyRecord previous) {
        long from = previous == null ? 0 : previous.lease;
        long to = event.record.lease;
        if (from == to) {
            return;
        }
        if (from != 0) {
            batch.delete(Table.LEASED, leased(from, event.key));
        }
        if (to != 0) {
            batch.put(Table.LEASED, leased(to, event.key), Bytes.EMPTY);
        }
    }

    static void visit(OrderedRows rows, long lease, Bytes from, Predicate<Bytes> visitor) {
        Bytes end = lease == -1 ? null : leased(lease + 1, Bytes.EMPTY);
        rows.scan(
                Table.LEASED,
                leased(lease, from),
                end,
                (row, none) -> visitor.test(row.slice(ID_BYTES, row.size() - ID_BYTES)));
    }

    /** Returns the first keys of a lease, at or behind {@code from}, at most so many. */
    public List<Bytes> keys(long lease, Bytes from, int most) {
        List<Bytes> keys = new ArrayList<>();
        versions.visitLeased(lease, from, key -> {
            keys.add(key);
            return keys.size() < most;
        });
        return keys;
    }

    /** Writes the row of a lease with the next batch, or with null deletes it. */
    public void header(long lease, @Nullable Bytes row) {
        versions.stage(Table.META, concat(HEADERS, lease, Bytes.EMPTY), row);
    }

    /** Writes the row of all leases with the next batch. */
    public void table(Bytes row) {
        versions.stage(Table.META, TABLE, row);
    }

    /** Returns the row of all leases, or null. */
    public @Nullable Bytes table() {
        return store.get(Table.META, TABLE);
    }

    /** Visits the rows of all leases. */
    public void headers(BiConsumer<Long, Bytes> visitor) {
        store.scan(Table.META, HEADERS, HEADERS_END, (key, row) -> {
            visitor.accept(new ByteReader(key.slice(HEADERS.size(), ID_BYTES)).getLong(), row);
            return true;
        });
    }

    private static Bytes leased(long lease, Bytes key) {
        return concat(Bytes.EMPTY, lease, key);
    }

    private static Bytes concat(Bytes prefix, long lease, Bytes key) {
        return new ByteWriter(prefix.size() + ID_BYTES + key.size())
                .putRaw(prefix)
                .putLong(lease)
                .putRaw(key)
                .toBytes();
    }
}
