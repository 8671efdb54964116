package io.loggos.storage.kv.rows;

import io.loggos.api.replica.CheckpointWriter;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The rows of a key-value state machine: an ordered map from bytes to bytes, in a few tables. This interface separates
 * the state machine from the place where its rows are kept.
 *
 * <p>A store need not be durable: after a restart its content comes back from a checkpoint and the log. All calls come
 * from one thread, except for sizes, which any thread may ask for, {@link #defragment}, and what {@link #snapshot} and {@link
 * #checkpoint} return. Keys are ordered as unsigned bytes. A store that fails throws {@link io.loggos.api.StorageException} and
 * cannot be used any more.
 */
public interface OrderedStore extends OrderedRows, AutoCloseable {
    /** The tables. No format depends on the order of the constants. */
    enum Table {
        /** The current version of each key. */
        CURRENT,
        /** Superseded versions. */
        HISTORY,
        /** The changes in the order of their revisions. */
        EVENTS,
        /** The keys of each lease. */
        LEASED,
        /** The state machine's own data, such as slot and revision. */
        META
    }

    /** Captures the rows at this moment for reading. It costs little, whatever the size of the store. */
    RowsSnapshot snapshot();

    /** Applies all changes of a batch in their order, or none. The batch is not kept. */
    void apply(StoreBatch batch);

    /** Returns the approximate size of the rows in bytes. Any thread. */
    long sizeBytes();

    /** Returns the approximate size of the rows that were not deleted, in bytes. Any thread. */
    long sizeInUseBytes();

    /**
     * Gives the space of deleted rows back to the file system. It may take long, and runs beside all other calls. It
     * ends early when the store is closed or restored. Any thread but that of the store.
     */
    void defragment();

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
