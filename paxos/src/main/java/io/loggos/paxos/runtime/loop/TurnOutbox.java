package io.loggos.paxos.runtime.loop;

import io.loggos.api.LogId;
import io.loggos.api.NodeId;
import io.loggos.api.spi.LogRecord;
import io.loggos.multicast.core.Links;
import io.loggos.paxos.core.model.PaxosMessage;
import io.loggos.paxos.core.process.Outbox;
import io.loggos.paxos.core.process.TimerId;
import io.loggos.paxos.wire.PaxosCodec;
import io.loggos.storage.GroupCommit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The effects of one turn of the loop, for all logs.
 *
 * <p>The writes of a turn become one submission to the group commit. Messages that wait for a write leave once it is
 * durable. A message to several peers is encoded once.
 */
public final class TurnOutbox {
    private record Held(long submission, Runnable action) {}

    private final NodeId self;
    private final long configuration;
    private final long incarnation;
    private final Links links;
    private final GroupCommit commit;
    private final WriteProgress progress;
    private final BiConsumer<LogId, PaxosMessage> toSelf;

    private List<LogRecord> writes = new ArrayList<>();
    /** In the order of their submissions. */
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private long submitted;
    /** The size of {@link #writes}. */
    private long turnBytes;
    /** True if there was no room for more when somebody asked. */
    private boolean full;

    private @Nullable PaxosMessage lastMessage;
    private @Nullable LogId lastLog;
    private PaxosCodec.@Nullable Encoded lastEncoded;

    public TurnOutbox(
            NodeId self,
            long configuration,
            long incarnation,
            Links links,
            GroupCommit commit,
            WriteProgress progress,
            BiConsumer<LogId, PaxosMessage> toSelf) {
        this.self = self;
        this.configuration = configuration;
        this.incarnation = incarnation;
        this.links = links;
        this.commit = commit;
        this.progress = progress;
        this.toSelf = toSelf;
    }

    /** The outbox of one log. */
    Outbox<PaxosMessage, LogRecord> of(LogId log, BiConsumer<TimerId, Long> timers) {
        return new Outbox<>() {
            @Override
            public void persist(LogRecord write) {
                writes.add(write);
                turnBytes += write.size();
            }

            @Override
            public void sendNow(NodeId to, PaxosMessage message) {
                if (to.equals(self)) {
                    throw new IllegalArgumentException("sends to itself without a write: " + message);
                }
                send(log, to, message);
            }

            @Override
            public void sendDurable(NodeId to, PaxosMessage message) {
                afterWrites(to.equals(self) ? () -> toSelf.accept(log, message) : () -> send(log, to, message));
            }

            @Override
            public boolean hasRoom() {
                return TurnOutbox.this.hasRoom();
            }

            @Override
            public long writingSinceNanos() {
                return progress.writingSinceNanos();
            }

            @Override
            public void timer(TimerId id, long atNanos) {
                timers.accept(id, atNanos);
            }
        };
    }

    /** Runs an action once every write persisted so far is in the log, and synced if it asks for that. */
    void afterWrites(Runnable action) {
        // What was persisted in this turn goes with the next submission.
        held.add(new Held(writes.isEmpty() ? submitted : submitted + 1, action));
    }

    /** True if the logs may write more. If not, {@link #takeRoom} reports once that there is room again. */
    boolean hasRoom() {
        boolean room = commit.hasRoom(turnBytes);
        full |= !room;
        return room;
    }

    /** Returns true once when there is room again. What was left undone for lack of room can then be done. */
    boolean takeRoom() {
        if (!full || !commit.hasRoom(turnBytes)) {
            return false;
        }
        full = false;
        return true;
    }

    /** Submits what the turn has written. */
    void submit(long now) {
        if (!writes.isEmpty()) {
            submitted = commit.submit(writes);
            writes = new ArrayList<>();
            turnBytes = 0;
        }
        progress.submitted(submitted, now);
        lastMessage = null;
        lastEncoded = null;
    }

    /** True while a submission is not yet durable. */
    boolean isWriting() {
        return progress.through() < submitted;
    }

    /** Runs the actions whose writes are durable. Returns their number. */
    int release() {
        int released = 0;
        while (!held.isEmpty() && held.getFirst().submission <= progress.through()) {
            held.removeFirst().action.run();
            released++;
        }
        return released;
    }

    private void send(LogId log, NodeId to, PaxosMessage message) {
        PaxosCodec.Encoded encoded = lastEncoded;
        if (encoded == null || message != lastMessage || !log.equals(lastLog)) {
            encoded = PaxosCodec.encode(log, configuration, incarnation, message);
            lastMessage = message;
            lastLog = log;
            lastEncoded = encoded;
        }
        links.send(to, encoded.head(), encoded.body());
    }
}
