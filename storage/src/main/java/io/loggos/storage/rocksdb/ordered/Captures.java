package io.loggos.storage.rocksdb.ordered;

import io.loggos.api.StorageException;
import io.loggos.api.replica.CheckpointWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.AbstractEventListener;
import org.rocksdb.BackgroundErrorReason;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushJobInfo;
import org.rocksdb.FlushOptions;
import org.rocksdb.LiveFileMetaData;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * Captures the content of a RocksDB without a write-ahead log at one moment. The thread that writes is not delayed.
 *
 * <p>That thread only has all memory tables replaced by empty ones, which is immediate. RocksDB writes the old tables
 * into files in the background, and reports to this listener when that is done. The report comes on the thread that
 * writes such files, and the database has only one. So no later write can be in files when this class records their
 * names. RocksDB's own checkpoint would wait for the files, which takes tens of milliseconds or more.
 */
final class Captures extends AbstractEventListener {
    private final Path directory;
    private final List<Capture> pending = new ArrayList<>();
    private @Nullable RocksDB db;
    /** All writes up to this sequence number are in files. */
    private long flushedThrough;

    /** Creates the captures of the database in a directory. {@link #attach} must follow once it is open. */
    Captures(Path directory) {
        super(EnabledEventCallback.ON_FLUSH_COMPLETED, EnabledEventCallback.ON_BACKGROUND_ERROR);
        this.directory = directory;
    }

    /** Sets the database. Its memory tables must be empty. */
    synchronized void attach(RocksDB opened) {
        db = opened;
        flushedThrough = opened.getLatestSequenceNumber();
    }

    /** Fails all pending captures. Must be called before the database is closed. */
    synchronized void detach() {
        db = null;
        failAll("the store was closed, or exchanged for another, before its state was captured");
    }

    /** Captures everything written so far. Must be called on the thread that writes. */
    CheckpointWriter begin(List<ColumnFamilyHandle> tables) throws RocksDBException {
        RocksDB open = database();
        Capture capture = new Capture(this, directory, open.getLatestSequenceNumber());
        boolean inFiles = add(capture);
        if (!inFiles) {
            try (FlushOptions exchange =
                    new FlushOptions().setWaitForFlush(false).setAllowWriteStall(true)) {
                open.flush(exchange, tables);
            } catch (RocksDBException e) {
                remove(capture);
                throw e;
            }
        }
        return capture;
    }

    /** Adds a capture. Returns true if everything is in files already. */
    private synchronized boolean add(Capture capture) {
        pending.add(capture);
        settle();
        return !pending.contains(capture);
    }

    private synchronized void remove(Capture capture) {
        pending.remove(capture);
    }

    private synchronized RocksDB database() {
        if (db == null) {
            throw new IllegalStateException("the store is closed");
        }
        return db;
    }

    /** Called on a thread of RocksDB, once for each column family, after the files of all families are complete. */
    @Override
    public synchronized void onFlushCompleted(RocksDB flushed, FlushJobInfo flush) {
        flushedThrough = Math.max(flushedThrough, flush.getLargestSeqno());
        settle();
    }

    /** Called on a thread of RocksDB. */
    @Override
    public synchronized void onBackgroundError(BackgroundErrorReason reason, Status status) {
        failAll("RocksDB has failed: " + reason + ", " + status.getCodeString());
    }

    private void settle() {
        RocksDB open = db;
        if (open == null) {
            return;
        }
        for (Iterator<Capture> all = pending.iterator(); all.hasNext(); ) {
            Capture capture = all.next();
            if (capture.sequence() <= flushedThrough) {
                all.remove();
                takeDown(open, capture);
            }
        }
    }

    private static void takeDown(RocksDB open, Capture capture) {
        try {
            open.disableFileDeletions();
            try {
                for (LiveFileMetaData table : open.getLiveFilesMetaData()) {
                    if (table.largestSeqno() > capture.sequence()) {
                        throw new RocksDBException("what was written later is in " + table.fileName());
                    }
                }
                capture.complete(open.getLiveFiles(false));
            } catch (RocksDBException | RuntimeException e) {
                open.enableFileDeletions();
                throw e;
            }
        } catch (RocksDBException | RuntimeException e) {
            capture.fail(new StorageException(StorageException.Kind.IO, "capturing the state: " + e.getMessage(), e));
        }
    }

    private void failAll(String reason) {
        pending.forEach(each -> each.fail(new StorageException(StorageException.Kind.IO, reason)));
        pending.clear();
    }

    /** Allows RocksDB to delete the files of a capture. Any thread. */
    synchronized void release() throws RocksDBException {
        if (db != null) {
            db.enableFileDeletions();
        }
    }
}
