package io.loggos.storage.rocksdb.log;

import io.loggos.api.Bytes;
import io.loggos.api.NodeId;
import io.loggos.api.spi.WriteMark;
import io.loggos.internal.codec.ByteWriter;
import io.loggos.storage.rocksdb.record.RecordKind;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.rocksdb.RocksDBException;

/**
 * The marks that the peers told. They reach the disk with synced writes of the log, now and then.
 *
 * <p>The disk may be late, which hides a loss of the peer's, and is never ahead. Any thread may note a mark. The writing
 * thread stages them.
 */
final class PeerMarks {
    /** Time between two writes of marks while there are synced writes. */
    private static final long WRITE_NANOS = 100_000_000;

    private final ConcurrentHashMap<NodeId, WriteMark> told;
    /** The marks on the disk. Used by the writing thread only. */
    private final TreeMap<NodeId, WriteMark> written;

    private final TreeMap<NodeId, WriteMark> staged = new TreeMap<>();
    private long writtenAt = System.nanoTime() - WRITE_NANOS;

    PeerMarks(Map<NodeId, WriteMark> loaded) {
        told = new ConcurrentHashMap<>(loaded);
        written = new TreeMap<>(loaded);
    }

    WriteMark of(NodeId peer) {
        return told.getOrDefault(peer, WriteMark.NONE);
    }

    void note(NodeId peer, WriteMark mark) {
        told.put(peer, mark);
    }

    /** Forgets the mark of a store that is no member any more. Its record is replaced by the next one. */
    void forget(NodeId peer) {
        told.remove(peer);
    }

    /** True if it is time to write marks. */
    boolean areDue() {
        return System.nanoTime() - writtenAt >= WRITE_NANOS;
    }

    /** True if the disk lacks a mark. */
    boolean hasNew() {
        return !told.equals(written);
    }

    /** Adds the marks that the disk lacks to a write. */
    void stage(BatchBuilder batch) throws RocksDBException {
        staged.clear();
        for (Map.Entry<NodeId, WriteMark> each : told.entrySet()) {
            WriteMark mark = each.getValue();
            if (!mark.equals(written.get(each.getKey()))) {
                Bytes content = new ByteWriter(3 * Long.BYTES)
                        .putLong(mark.incarnation())
                        .putLong(mark.life())
                        .putLong(mark.writes())
                        .toBytes();
                batch.small(RecordKind.PEER_MARK, each.getKey().value(), content);
                staged.put(each.getKey(), mark);
            }
        }
    }

    /** Notes that the staged marks are on the disk. */
    void staged() {
        written.putAll(staged);
        writtenAt = System.nanoTime();
    }
}
