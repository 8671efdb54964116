package io.loggos.storage.rocksdb.record;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import java.nio.ByteBuffer;

/**
 * The keys of the store, big-endian. The key of an entry is its log and slot, so that the entries of a log lie together
 * in slot order. The key of a small record is its kind, then the number of its subject.
 */
public final class Keys {
    public static final int LOG_BYTES = Long.BYTES;
    static final int ENTRY_BYTES = LOG_BYTES + Long.BYTES;
    public static final int SMALL_BYTES = 1 + Long.BYTES;
    public static final int LONGEST_BYTES = ENTRY_BYTES;

    private Keys() {}

    public static byte[] entry(LogId log, long slot) {
        return ByteBuffer.allocate(ENTRY_BYTES)
                .putLong(log.value())
                .putLong(slot)
                .array();
    }

    /** Returns the log of an entry. */
    public static LogId entryLog(byte[] entryKey) {
        return new LogId(ByteBuffer.wrap(entryKey).getLong());
    }

    public static long slot(byte[] entryKey) {
        return ByteBuffer.wrap(entryKey).getLong(Long.BYTES);
    }

    /** Returns the subject of a small record: the number of a log or of a node. */
    public static long about(byte[] smallKey) {
        return ByteBuffer.wrap(smallKey).getLong(1);
    }

    /** Returns the log of a MARKS or NAME record. */
    public static LogId log(byte[] smallKey) {
        return new LogId(about(smallKey));
    }

    /** Returns the node of a roster record. */
    public static NodeId node(byte[] smallKey) {
        return NodeId.of((int) about(smallKey));
    }
}
