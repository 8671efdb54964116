package io.loggos.paxos.core;

import io.loggos.api.spi.ByteReader;
import io.loggos.api.spi.ByteWriter;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which commands of which session have taken effect, as part of the replicated state: every replica decides
 * alike that a command in a second slot is skipped (compare RIFL: Lee et al., <i>Implementing Linearizability
 * at Large Scale and Low Latency</i>, SOSP 2015). A session is one life of one replica. The table goes into
 * checkpoints.
 */
public final class SessionTable {
    /** Of more sessions than this, the one that was silent for longest is forgotten. */
    private static final int MOST_SESSIONS = 4096;

    private static final class Session {
        final Taken taken;
        long lastSlot;

        Session(Taken taken) {
            this.taken = taken;
        }
    }

    private final TreeMap<Long, Session> sessions = new TreeMap<>();
    private long lastId;
    private @Nullable Session last;

    /**
     * Whether a command takes effect at this slot, and not at an earlier one.
     *
     * @param lowest every sequence of the session below this is settled: one that comes later is skipped
     */
    public boolean takesEffect(long session, long sequence, long lowest, long slot) {
        Session known = last;
        if (known == null || lastId != session) {
            known = sessions.get(session);
            if (known == null) {
                known = new Session(new Taken());
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
     * The table of a checkpoint.
     *
     * @throws io.loggos.api.spi.MalformedException if there is none
     */
    public static SessionTable readFrom(ByteReader reader) {
        SessionTable table = new SessionTable();
        for (int left = reader.getElementCount(28); left > 0; left--) {
            long id = reader.getLong();
            long lastSlot = reader.getCount();
            Session session = new Session(Taken.readFrom(reader));
            session.lastSlot = lastSlot;
            table.sessions.put(id, session);
        }
        return table;
    }
}
