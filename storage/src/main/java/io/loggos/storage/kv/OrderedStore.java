package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.CheckpointWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a key-value state machine keeps its rows: an ordered map from bytes to bytes in a handful of tables.
 * The seam between the state machine and what it is stored in.
 *
 * <p>It need not be durable: what it holds after a restart comes back from a checkpoint and the log. All calls
 * come from one thread, except {@link #sizeBytes}, which any thread may call, and the writer that {@link
 * #checkpoint} returns. Keys order as unsigned bytes. A store that fails throws {@link
 * io.loggos.api.StorageException} and is of no use any more.
 */
public interface OrderedStore extends AutoCloseable {
    /** The tables. The order of the constants is part of no format. */
    enum Table {
        /** Each key as it stands. */
        CURRENT,
        /** What was superseded. */
        HISTORY,
        /** The changes in the order of their revisions. */
        EVENTS,
        /** What the state machine knows of itself. */
        META
    }

    /** Takes the rows of a scan. */
    @FunctionalInterface
    interface Visitor {
        /** Takes a row and says whether to go on. It must not change the store. */
        boolean visit(Bytes key, Bytes value);
    }

    /** The value under a key, or null. */
    @Nullable
    Bytes get(Table table, Bytes key);

    /**
     * Visits rows in ascending order of their keys until the visitor has enough.
     *
     * @param from the first key
     * @param to before this key, or null for no end
     */
    void scan(Table table, Bytes from, @Nullable Bytes to, Visitor visitor);

    /** The same rows in descending order: from before {@code to} down to {@code from}. */
    void scanDescending(Table table, Bytes from, @Nullable Bytes to, Visitor visitor);

    /** How many rows {@link #scan} would visit. */
    default long count(Table table, Bytes from, @Nullable Bytes to) {
        long[] count = {0};
        scan(table, from, to, (key, value) -> {
            count[0]++;
            return true;
        });
        return count[0];
    }

    /** Makes all changes of a batch, in their order, or none. The batch is not kept. */
    void apply(StoreBatch batch);

    /** How many bytes the rows take, about. Any thread. */
    long sizeBytes();

    /** Captures all rows as they stand, and returns what will write them. */
    CheckpointWriter checkpoint();

    /**
     * Replaces all rows by those that a {@link CheckpointWriter} of such a store wrote. The files are only
     * read, and may be gone afterwards.
     *
     * @throws IOException if they cannot be read; the store is then of no use any more
     */
    void restore(Path directory) throws IOException;

    /** Lets go of everything. Calling it again does nothing. */
    @Override
    void close();
}
