package io.loggos.paxos.core.session;

import io.loggos.api.Bytes;
import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.util.ArrayDeque;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The first answers to commands with an id of their callers, as a part of the replicated state.
 *
 * <p>Compare the completion records of RIFL: Lee et al., <i>Implementing Linearizability at Large Scale and Low
 * Latency</i>, SOSP 2015. Answers are dropped in the order of their slots: the oldest when their log time is over, or
 * when all together are too large. So every replica drops the same ones (RULES.md SS-1, SS-4). Checkpoints contain the
 * table (RULES.md SS-3).
 */
public final class RequestTable {
    /** The largest size of all answers. A checkpoint's manifest holds them, and must fit one answer to a peer. */
    public static final int MOST_BYTES = 512 << 10;
    /** The size of an answer beside its bytes. */
    public static final int ENTRY_BYTES = 64;

    private static final int LEAST_WRITTEN_BYTES = 16 + 8 + 8 + 1 + 4;

    /**
     * The first answer to a command.
     *
     * @param failed true if the state machine threw; then the answer is empty
     */
    public record Kept(UUID key, long slot, long logTimeMillis, boolean failed, Bytes answer) {
        int sizeBytes() {
            return ENTRY_BYTES + answer.size();
        }
    }

    private final TreeMap<UUID, Kept> byKey = new TreeMap<>();
    private final ArrayDeque<Kept> oldestFirst = new ArrayDeque<>();
    private long bytes;
    /** The slot of the last answer that was dropped. */
    private long droppedThrough;

    /** Drops the answers whose time is over at this log time. */
    public void expire(long logTimeMillis, long retentionMillis) {
        while (!oldestFirst.isEmpty() && logTimeMillis - oldestFirst.getFirst().logTimeMillis > retentionMillis) {
            drop();
        }
    }

    /** Returns the first answer to the command with this key; null if there is none or it was dropped. */
    public @Nullable Kept find(UUID key) {
        return byKey.get(key);
    }

    /** Tells if the answer to a command that was first proposed after this slot would be here. */
    public boolean remembers(long after) {
        return after >= droppedThrough;
    }

    /** Keeps the first answer to a command. The slots never fall. */
    public void keep(Kept kept) {
        byKey.put(kept.key, kept);
        oldestFirst.add(kept);
        bytes += kept.sizeBytes();
        while (bytes > MOST_BYTES) {
            drop();
        }
    }

    private void drop() {
        Kept dropped = oldestFirst.removeFirst();
        byKey.remove(dropped.key);
        bytes -= dropped.sizeBytes();
        droppedThrough = dropped.slot;
    }

    /** Writes the table into a checkpoint. */
    public void writeTo(ByteWriter writer) {
        writer.putLong(droppedThrough).putInt(oldestFirst.size());
        for (Kept kept : oldestFirst) {
            writer.putLong(kept.key.getMostSignificantBits())
                    .putLong(kept.key.getLeastSignificantBits())
                    .putLong(kept.slot)
                    .putLong(kept.logTimeMillis)
                    .putBoolean(kept.failed)
                    .putBytes(kept.answer);
        }
    }

    /**
     * Reads the table from a checkpoint.
     *
     * @throws io.loggos.internal.codec.MalformedException if the bytes are no table
     */
    public static RequestTable readFrom(ByteReader reader) {
        RequestTable table = new RequestTable();
        table.droppedThrough = reader.getCount();
        for (int left = reader.getElementCount(LEAST_WRITTEN_BYTES); left > 0; left--) {
            UUID key = new UUID(reader.getLong(), reader.getLong());
            table.keep(new Kept(key, reader.getCount(), reader.getLong(), reader.getBoolean(), reader.getBytes()));
        }
        return table;
    }
}
