package io.loggos.storage.rocksdb;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import java.nio.ByteBuffer;

/**
 * The keys of the store, big-endian. An entry's is its log and slot, so that a log lies together in the order of its
 * slots. The small records' is their kind and what they are about.
 */
final class Keys {
    static final int LOG_BYTES = Long.BYTES;
    static final int ENTRY_BYTES = LOG_BYTES + Long.BYTES;
    static final int SMALL_BYTES = 1 + Long.BYTES;
    static final int LONGEST_BYTES = ENTRY_BYTES;

    private Keys() {}

    static byte[] entry(LogId log, long slot) {
        return ByteBuffer.allocate(ENTRY_BYTES)
                .putLong(log.value())
                .putLong(slot)
                .array();
    }

    /** Which log an entry is of. */
    static LogId entryLog(byte[] entryKey) {
        return new LogId(ByteBuffer.wrap(entryKey).getLong());
    }

    static long slot(byte[] entryKey) {
        return ByteBuffer.wrap(entryKey).getLong(Long.BYTES);
    }

    /** What a small record is about: the number of a log or of a node. */
    static long about(byte[] smallKey) {
        return ByteBuffer.wrap(smallKey).getLong(1);
    }

    /** Which log a record of marks or a name is about. */
    static LogId log(byte[] smallKey) {
        return new LogId(about(smallKey));
    }

    /** Which node a record of the roster is about. */
    static NodeId node(byte[] smallKey) {
        return NodeId.of((int) about(smallKey));
    }
}
