package io.loggos.storage.kv.rows;

/**
 * The rows of a store at one moment. They stay readable while the store changes.
 *
 * <p>One thread at a time may use it, and that need not be the thread of the store. A snapshot ends with {@link #close},
 * and when the store is closed or restored. Reading after that throws a {@link SnapshotEndedException}.
 */
public interface RowsSnapshot extends OrderedRows, AutoCloseable {
    /** A read came after the end of the snapshot, or the end came during the read. */
    final class SnapshotEndedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public SnapshotEndedException() {
            super("the store was closed or restored");
        }
    }

    /** Releases the snapshot. A second call does nothing. */
    @Override
    void close();
}
