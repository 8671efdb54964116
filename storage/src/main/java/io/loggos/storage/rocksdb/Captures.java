package io.loggos.storage.rocksdb;

import io.loggos.api.CheckpointWriter;
import io.loggos.api.StorageException;
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
 * Captures what a RocksDB without a write-ahead log holds at one moment, without holding up the thread that writes to it.
 *
 * <p>That thread only has all memory tables exchanged for empty ones, which takes no time. What it had written is then on
 * its way into files, in the background, and has arrived when RocksDB says so here. It says so on the thread that
 * writes such files, the only one of this database: so nothing written later can have arrived when the names of
 * the files are taken down. RocksDB's own checkpoint waits for the files instead, tens of milliseconds or more.
 */
final class Captures extends AbstractEventListener {
    private final Path directory;
    private final List<Capture> pending = new ArrayList<>();
    private @Nullable RocksDB db;
    /** All writes up to this one are in files. */
    private long flushedThrough;

    /** For the database in a directory, which is to be attached once it is open. */
    Captures(Path directory) {
        super(EnabledEventCallback.ON_FLUSH_COMPLETED, EnabledEventCallback.ON_BACKGROUND_ERROR);
        this.directory = directory;
    }

    /** Nothing is in its memory tables yet. */
    synchronized void attach(RocksDB opened) {
        db = opened;
        flushedThrough = opened.getLatestSequenceNumber();
    }

    /** No capture that has not ended will end. Before the database is closed. */
    synchronized void detach() {
        db = null;
        failAll("the store was closed, or exchanged for another, before its state was captured");
    }

    /** Captures what was written so far. On the thread that writes. */
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

    /** Whether everything is in files already. */
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

    /** A thread of RocksDB's. With several column families it comes once for each, after all of them are in files. */
    @Override
    public synchronized void onFlushCompleted(RocksDB flushed, FlushJobInfo flush) {
        flushedThrough = Math.max(flushedThrough, flush.getLargestSeqno());
        settle();
    }

    /** A thread of RocksDB's. */
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

    /** The files of a capture need not be kept any more. Any thread. */
    synchronized void release() throws RocksDBException {
        if (db != null) {
            db.enableFileDeletions();
        }
    }
}
