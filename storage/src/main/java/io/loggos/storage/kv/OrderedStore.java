package io.loggos.storage.kv;

import io.loggos.api.Bytes;
import io.loggos.api.replica.CheckpointWriter;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a key-value state machine: an ordered map from bytes to bytes, in a few tables. This interface separates
 * the state machine from the place where its rows are kept.
 *
 * <p>A store need not be durable: after a restart its content comes back from a checkpoint and the log. All calls come
 * from one thread, except {@link #sizeBytes}, which any thread may call, and the writer that {@link #checkpoint}
 * returns. Keys are ordered as unsigned bytes. A store that fails throws {@link io.loggos.api.StorageException} and
 * cannot be used any more.
 */
public interface OrderedStore extends AutoCloseable {
    /** The tables. No format depends on the order of the constants. */
    enum Table {
        /** The current version of each key. */
        CURRENT,
        /** Superseded versions. */
        HISTORY,
        /** The changes in the order of their revisions. */
        EVENTS,
        /** The state machine's own data, such as slot and revision. */
        META
    }

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

    /** Visits the same rows in descending order: from the last one before {@code to} down to {@code from}. */
    void scanDescending(Table table, Bytes from, @Nullable Bytes to, Visitor visitor);

    /** Returns the number of rows that {@link #scan} would visit. */
    default long count(Table table, Bytes from, @Nullable Bytes to) {
        long[] count = {0};
        scan(table, from, to, (key, value) -> {
            count[0]++;
            return true;
        });
        return count[0];
    }

    /** Applies all changes of a batch in their order, or none. The batch is not kept. */
    void apply(StoreBatch batch);

    /** Returns the approximate size of the rows in bytes. Any thread. */
    long sizeBytes();

    /** Captures all rows at this moment, and returns the writer for them. */
    CheckpointWriter checkpoint();

    /**
     * Replaces all rows by those that a {@link CheckpointWriter} of a store of this kind wrote. The files are only
     * read, and may be deleted afterwards.
     *
     * @throws IOException if they cannot be read; the rows are as before then
     */
    void restore(Path directory) throws IOException;

    /** Releases all resources. A second call does nothing. */
    @Override
    void close();
}
