package io.loggos.storage.rocksdb.log;

import io.loggos.api.Ballot;
import io.loggos.api.LogId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.LogEntry;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.MalformedException;
import io.loggos.storage.rocksdb.RocksDbFailures;
import io.loggos.storage.rocksdb.record.Keys;
import io.loggos.storage.rocksdb.record.RecordKind;
import io.loggos.storage.rocksdb.record.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * Reads entries. If RocksDB cannot read a block, each slot that could be in it is read separately. A slot that then
 * cannot be read is faulty: it may hold a value, so it must not count as empty (RULES.md F-12).
 */
final class EntryReader {
    /** Size of an entry besides its value, so that a limit in bytes also bounds empty and faulty entries. */
    private static final int ENTRY_BYTES = 48;

    private final LogDatabase database;

    EntryReader(LogDatabase database) {
        this.database = database;
    }

    /**
     * Returns the entries of a log in a range of slots (inclusive): at least one, and about this many bytes at most.
     */
    List<LogEntry> read(LogId log, long fromSlot, long throughSlot, long limitBytes) {
        List<LogEntry> found = new ArrayList<>();
        if (fromSlot > throughSlot) {
            return found;
        }
        try (Slice end = new Slice(Keys.entry(log, throughSlot + 1));
                ReadOptions options = new ReadOptions()
                        .setIterateUpperBound(end)
                        .setVerifyChecksums(true)
                        .setFillCache(false);
                RocksIterator iterator = database.db.newIterator(database.entries, options)) {
            long bytes = 0;
            long slot = fromSlot;
            iterator.seek(Keys.entry(log, slot));
            while (slot <= throughSlot) {
                LogEntry entry;
                if (iterator.isValid()) {
                    byte[] key = iterator.key();
                    entry = decode(key, iterator.value());
                    slot = entry.slot() + 1;
                    iterator.next();
                } else if (endsSoundly(iterator)) {
                    break;
                } else {
                    entry = readOne(log, slot, options);
                    slot++;
                    iterator.seek(Keys.entry(log, slot));
                }
                if (entry == null) {
                    continue;
                }
                bytes += ENTRY_BYTES + entry.value().size();
                if (!found.isEmpty() && bytes > limitBytes) {
                    break;
                }
                found.add(entry);
            }
            return found;
        } catch (RocksDBException e) {
            throw RocksDbFailures.of("reading " + log, e);
        }
    }

    private @Nullable LogEntry readOne(LogId log, long slot, ReadOptions options) throws RocksDBException {
        byte[] key = Keys.entry(log, slot);
        try {
            byte[] value = database.db.get(database.entries, options, key);
            return value == null ? null : decode(key, value);
        } catch (RocksDBException e) {
            if (RocksDbFailures.isCorruption(e)) {
                return LogEntry.faultyAt(slot);
            }
            throw e;
        }
    }

    /** True if the iterator reached its end; false if it stopped at a block that is not sound. */
    private static boolean endsSoundly(RocksIterator iterator) throws RocksDBException {
        try {
            iterator.status();
            return true;
        } catch (RocksDBException e) {
            if (RocksDbFailures.isCorruption(e)) {
                return false;
            }
            throw e;
        }
    }

    private static LogEntry decode(byte[] key, byte[] value) {
        long slot = Keys.slot(key);
        StoredRecord record = StoredRecord.check(key, value);
        if (record == null || (record.kind() != RecordKind.ACCEPTED && record.kind() != RecordKind.LEARNED)) {
            return LogEntry.faultyAt(slot);
        }
        try {
            ByteReader reader = record.reader();
            Ballot ballot = reader.getBallot();
            return LogEntry.of(slot, ballot, reader.getRest());
        } catch (MalformedException e) {
            throw new StorageException(StorageException.Kind.CORRUPT, "the sound record of slot " + slot + ": " + e, e);
        }
    }
}
