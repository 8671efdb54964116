package io.loggos.storage.rocksdb.log;

import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.StorageException;
import io.loggos.api.spi.LogRecord;
import io.loggos.api.spi.StoreLives;
import io.loggos.api.spi.WriteMark;
import io.loggos.internal.codec.ByteReader;
import io.loggos.storage.rocksdb.RocksDbFailures;
import io.loggos.storage.rocksdb.record.Chain;
import io.loggos.storage.rocksdb.record.Keys;
import io.loggos.storage.rocksdb.record.RecordKind;
import io.loggos.storage.rocksdb.record.StoredRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of the small records when the store is opened. Each record has two copies. One sound copy is enough, and
 * the other is then rewritten. If both copies of a log's marks are corrupt, its promise is lost, and the log is
 * {@link #rotten}. If both copies of a name or of a roster record are corrupt, the store does not open.
 */
final class SmallRecords {
    private static final Logger LOGGER = LoggerFactory.getLogger(SmallRecords.class);

    final TreeMap<LogId, LogMarks> marks = new TreeMap<>();
    final TreeSet<LogId> rotten = new TreeSet<>();
    final TreeMap<LogId, String> names = new TreeMap<>();
    final TreeMap<LogId, LogRecord.Configured> configured = new TreeMap<>();
    final TreeMap<NodeId, Long> met = new TreeMap<>();
    final TreeSet<NodeId> rememberedBy = new TreeSet<>();
    /** By their ordinals. */
    final TreeMap<Long, StoreLives.Life> lives = new TreeMap<>();

    final TreeMap<NodeId, WriteMark> peerMarks = new TreeMap<>();

    @Nullable
    String fenced;

    @Nullable
    Bytes membership;

    final Chain chain;
    private final List<BatchCommitter.Contents> repairs = new ArrayList<>();

    private SmallRecords(Chain chain) {
        this.chain = chain;
    }

    /** One copy of all small records, as far as it can be read. */
    private record Copy(TreeMap<Bytes, byte[]> records, boolean cutShort) {}

    static SmallRecords load(LogDatabase database, Chain chain) throws RocksDBException {
        Copy first = readCopy(database, database.small);
        Copy second = readCopy(database, database.mirror);
        if (first.cutShort && second.cutShort) {
            throw new StorageException(
                    StorageException.Kind.CORRUPT, "neither copy of the small records can be read to its end");
        }
        SmallRecords loaded = new SmallRecords(chain);
        TreeSet<Bytes> keys = new TreeSet<>(first.records.keySet());
        keys.addAll(second.records.keySet());
        for (Bytes key : keys) {
            loaded.load(key.toByteArray(), first.records.get(key), second.records.get(key));
        }
        return loaded;
    }

    /** True if the node has met nobody, and has neither promised nor accepted anything. */
    boolean areOfNoUse() {
        return met.isEmpty() && rememberedBy.isEmpty() && marks.isEmpty() && rotten.isEmpty() && configured.isEmpty();
    }

    /** Rewrites the corrupt copies. */
    void repair(BatchCommitter committer) {
        if (!repairs.isEmpty()) {
            LOGGER.warn("Rewriting {} small records of which one copy was rotten", repairs.size());
            committer.commit(
                    batch -> {
                        for (BatchCommitter.Contents repair : repairs) {
                            repair.into(batch);
                        }
                    },
                    true,
                    true);
        }
    }

    private void load(byte[] key, byte @Nullable [] first, byte @Nullable [] second) {
        StoredRecord one = first == null ? null : soundAt(key, first);
        StoredRecord other = second == null ? null : soundAt(key, second);
        StoredRecord sound = one == null ? other : one;
        if (sound == null) {
            foundRotten(key);
            return;
        }
        take(sound, key);
        if (other != null && sound.kind() == RecordKind.MARKS) {
            marks.merge(Keys.log(key), LogMarks.read(other.reader()), LogMarks::max);
        }
        if (one == null || other == null) {
            repairs.add(batch -> rewrite(batch, sound, key));
        }
    }

    private void take(StoredRecord record, byte[] key) {
        switch (record.kind()) {
            case MARKS -> marks.put(Keys.log(key), LogMarks.read(record.reader()));
            case NAME -> names.put(Keys.log(key), record.fields().toUtf8());
            case MET -> met.put(Keys.node(key), record.reader().getLong());
            case REMEMBERED_BY -> rememberedBy.add(Keys.node(key));
            case CHAIN -> chain.found(record.reader());
            case LIFE -> {
                StoreLives.Life life = readLife(record.reader());
                lives.put(life.ordinal(), life);
            }
            case PEER_MARK -> {
                ByteReader in = record.reader();
                peerMarks.put(Keys.node(key), new WriteMark(in.getLong(), in.getLong(), in.getCount()));
            }
            case MEMBERSHIP -> membership = record.fields();
            case FENCED -> fenced = record.fields().toUtf8();
            case CONFIGURED -> configured.put(Keys.log(key), readConfigured(Keys.log(key), record.reader()));
            case ACCEPTED, LEARNED ->
                throw new StorageException(
                        StorageException.Kind.CORRUPT,
                        "a record of kind " + record.kind() + " among the small records");
        }
    }

    private static LogRecord.Configured readConfigured(LogId log, ByteReader in) {
        return new LogRecord.Configured(log, in.getCount(), in.getCount(), in.getBallot(), in.getRest());
    }

    private static StoreLives.Life readLife(ByteReader in) {
        return new StoreLives.Life(in.getCount(), in.getLong(), in.getCount());
    }

    private void foundRotten(byte[] key) {
        if (key.length == Keys.SMALL_BYTES
                && (key[0] == RecordKind.MARKS.code() || key[0] == RecordKind.CONFIGURED.code())) {
            rotten.add(Keys.log(key));
            LOGGER.error(
                    "Both copies of the promise of {} are rotten; its acceptor here has lost its memory",
                    Keys.log(key));
        } else if (key.length == Keys.SMALL_BYTES && key[0] == RecordKind.CHAIN.code()) {
            chain.foundRotten();
        } else {
            throw new StorageException(
                    StorageException.Kind.CORRUPT, "no copy of the record " + Bytes.wrap(key) + " checks");
        }
    }

    private void rewrite(BatchBuilder batch, StoredRecord sound, byte[] key) throws RocksDBException {
        batch.small(sound.kind(), Keys.about(key), sound.fields());
    }

    private static @Nullable StoredRecord soundAt(byte[] key, byte[] value) {
        StoredRecord record = StoredRecord.check(key, value);
        return record != null
                        && key.length == Keys.SMALL_BYTES
                        && key[0] == record.kind().code()
                ? record
                : null;
    }

    private static Copy readCopy(LogDatabase database, ColumnFamilyHandle family) throws RocksDBException {
        TreeMap<Bytes, byte[]> records = new TreeMap<>();
        try (ReadOptions options = new ReadOptions().setVerifyChecksums(true);
                RocksIterator iterator = database.db.newIterator(family, options)) {
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
                records.put(Bytes.wrap(iterator.key()), iterator.value());
            }
            iterator.status();
            return new Copy(records, false);
        } catch (RocksDBException e) {
            if (RocksDbFailures.isCorruption(e)) {
                return new Copy(records, true);
            }
            throw e;
        }
    }
}
