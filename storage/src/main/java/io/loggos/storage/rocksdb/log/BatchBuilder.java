package io.loggos.storage.rocksdb.log;

import io.loggos.api.Ballot;
import io.loggos.api.Bytes;
import io.loggos.api.LogId;
import io.loggos.api.spi.LogRecord;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.storage.rocksdb.record.Chain;
import io.loggos.storage.rocksdb.record.Keys;
import io.loggos.storage.rocksdb.record.RecordKind;
import io.loggos.storage.rocksdb.record.StoredRecord;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Builds one {@link WriteBatch} from records. A value is copied once, from the heap into a direct buffer that all
 * records share; RocksDB then copies it into its batch. Not thread-safe.
 */
final class BatchBuilder implements AutoCloseable {
    private static final int USUAL_VALUE_BYTES = 64 << 10;
    /** Largest buffer that is kept. A buffer that grew beyond it for one large value is released. */
    private static final int KEPT_VALUE_BYTES = 1 << 20;

    private final LogDatabase database;
    private final WriteBatch batch = new WriteBatch();
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer key = ByteBuffer.allocateDirect(Keys.LONGEST_BYTES);
    private ByteBuffer value = ByteBuffer.allocateDirect(USUAL_VALUE_BYTES);
    /** Hash of all records since the chain began. */
    private long hash;

    BatchBuilder(LogDatabase database) {
        this.database = database;
    }

    /** Begins a batch whose chain continues from this hash. */
    void begin(long hashBefore) {
        batch.clear();
        hash = hashBefore;
        if (value.capacity() > KEPT_VALUE_BYTES) {
            value = ByteBuffer.allocateDirect(USUAL_VALUE_BYTES);
        }
    }

    /** Ends the batch with its link of the chain. */
    WriteBatch end(Chain.Link link, long hashBefore) throws RocksDBException {
        beginSmall(RecordKind.CHAIN, Chain.position(link.sequence()), Chain.LINK_BYTES);
        value.putLong(link.sequence()).putLong(hashBefore).putLong(link.hash());
        putTwice();
        return batch;
    }

    /** Returns the hash of the chain, including the records in the batch so far. */
    long hash() {
        return hash;
    }

    void entry(RecordKind kind, LogId log, long slot, Ballot ballot, Bytes content) throws RocksDBException {
        key.clear().putLong(log.value()).putLong(slot).flip();
        beginValue(kind, 12 + content.size());
        value.putLong(ballot.round()).putInt(ballot.node());
        value.put(content.backingArray(), content.backingOffset(), content.size());
        extendBySeal();
        put(database.entries);
    }

    /** Deletes the entries of these slots by a range tombstone; the next compaction of their tables removes them. */
    void forget(EntryTables.Slots slots) throws RocksDBException {
        batch.deleteRange(database.entries, slots.first(), slots.end());
    }

    void marks(LogId log, LogMarks marks) throws RocksDBException {
        beginSmall(RecordKind.MARKS, log.value(), LogMarks.BYTES);
        value.putLong(marks.promised().round()).putInt(marks.promised().node());
        value.putLong(marks.chosenThrough()).putLong(marks.truncatedBelow()).putLong(marks.highest());
        putTwice();
    }

    void configured(LogRecord.Configured record) throws RocksDBException {
        Bytes content = new ByteWriter(28 + record.configuration().size())
                .putLong(record.number())
                .putLong(record.slot())
                .putBallot(record.voided())
                .putRaw(record.configuration())
                .toBytes();
        small(RecordKind.CONFIGURED, record.log().value(), content);
    }

    /** Adds a small record with this content, in both copies. */
    void small(RecordKind kind, long about, Bytes content) throws RocksDBException {
        beginSmall(kind, about, content.size());
        value.put(content.backingArray(), content.backingOffset(), content.size());
        putTwice();
    }

    @Override
    public void close() {
        batch.close();
    }

    private void beginSmall(RecordKind kind, long about, int bytes) {
        key.clear().put(kind.code()).putLong(about).flip();
        beginValue(kind, bytes);
    }

    private void beginValue(RecordKind kind, int bytes) {
        int needed = Math.addExact(bytes, StoredRecord.HEAD_BYTES + StoredRecord.SUM_BYTES);
        if (value.capacity() < needed) {
            value = ByteBuffer.allocateDirect(needed);
        }
        value.clear().put(StoredRecord.FORMAT).put(kind.code());
    }

    private void putTwice() throws RocksDBException {
        extendBySeal();
        put(database.small);
        key.rewind();
        value.rewind();
        put(database.mirror);
    }

    private void extendBySeal() {
        hash = Chain.extend(hash, seal());
    }

    /** Ends the value with the CRC-32C over key and value, and returns that CRC. */
    private int seal() {
        crc.reset();
        crc.update(key);
        key.rewind();
        int end = value.position();
        crc.update(value.flip());
        int sum = (int) crc.getValue();
        value.limit(end + StoredRecord.SUM_BYTES);
        value.putInt(sum).flip();
        return sum;
    }

    private void put(ColumnFamilyHandle family) throws RocksDBException {
        batch.put(family, key, value);
    }
}
