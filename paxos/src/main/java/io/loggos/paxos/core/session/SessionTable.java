package io.loggos.paxos.core.session;

import io.loggos.internal.codec.ByteReader;
import io.loggos.internal.codec.ByteWriter;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The commands of each session that have taken effect, as a part of the replicated state.
 *
 * <p>Every replica decides alike to skip a command in its second slot. Compare RIFL: Lee et al., <i>Implementing
 * Linearizability at Large Scale and Low Latency</i>, SOSP 2015. A session is one life of one replica. Checkpoints
 * contain the table (RULES.md SS-3).
 */
public final class SessionTable {
    /** Greatest number of sessions. Beyond it, the session that was silent for longest is dropped. */
    private static final int MOST_SESSIONS = 4096;

    private static final class Session {
        final DuplicateFilter taken;
        long lastSlot;

        Session(DuplicateFilter taken) {
            this.taken = taken;
        }
    }

    private final TreeMap<Long, Session> sessions = new TreeMap<>();
    private long lastId;
    private @Nullable Session last;

    /**
     * Tells if a command takes effect at this slot. It does not if it took effect at an earlier one.
     *
     * @param lowest the lowest sequence of the session that may be unsettled; a lower one that comes later is skipped
     */
    public boolean takesEffect(long session, long sequence, long lowest, long slot) {
        Session known = last;
        if (known == null || lastId != session) {
            known = sessions.get(session);
            if (known == null) {
                known = new Session(new DuplicateFilter());
                sessions.put(session, known);
            }
            last = known;
            lastId = session;
        }
        known.lastSlot = slot;
        if (sessions.size() > MOST_SESSIONS) {
            forgetSilent();
        }
        known.taken.settledBelow(lowest);
        return known.taken.take(sequence);
    }

    private void forgetSilent() {
        long silent = sessions.firstKey();
        long earliest = Long.MAX_VALUE;
        for (var entry : sessions.entrySet()) {
            if (entry.getValue().lastSlot < earliest) {
                earliest = entry.getValue().lastSlot;
                silent = entry.getKey();
            }
        }
        sessions.remove(silent);
    }

    /** Writes the table into a checkpoint. */
    public void writeTo(ByteWriter writer) {
        writer.putInt(sessions.size());
        sessions.forEach((id, session) -> {
            writer.putLong(id).putLong(session.lastSlot);
            session.taken.writeTo(writer);
        });
    }

    /**
     * Reads the table from a checkpoint.
     *
     * @throws io.loggos.internal.codec.MalformedException if the bytes are no table
     */
    public static SessionTable readFrom(ByteReader reader) {
        SessionTable table = new SessionTable();
        for (int left = reader.getElementCount(28); left > 0; left--) {
            long id = reader.getLong();
            long lastSlot = reader.getCount();
            Session session = new Session(DuplicateFilter.readFrom(reader));
            session.lastSlot = lastSlot;
            table.sessions.put(id, session);
        }
        return table;
    }
}
