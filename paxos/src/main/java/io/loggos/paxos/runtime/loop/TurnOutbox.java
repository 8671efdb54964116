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
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The effects of one turn of the loop, for all logs.
 *
 * <p>The writes of a turn become one submission to the group commit. Messages that wait for a write leave once it is
 * durable. A message to several peers is encoded once.
 */
public final class TurnOutbox {
    /**
     * An action or a message that waits for a write.
     *
     * @param owner the outbox whose end discards the action, or null
     */
    private record Held(long submission, @Nullable LogOutbox owner, Runnable action) {}

    /** The sending of a message that waits for a write. */
    private final class Sending implements Runnable {
        private final LogId log;
        private final long configuration;
        private final NodeId to;
        private final PaxosMessage message;

        Sending(LogId log, long configuration, NodeId to, PaxosMessage message) {
            this.log = log;
            this.configuration = configuration;
            this.to = to;
            this.message = message;
        }

        @Override
        public void run() {
            if (to.equals(self)) {
                toSelf.accept(log, message);
            } else {
                send(log, configuration, to, message);
            }
        }
    }

    private final NodeId self;
    private final long incarnation;
    private final Links links;
    private final GroupCommit commit;
    private final WriteProgress progress;
    private final BiConsumer<LogId, PaxosMessage> toSelf;

    private List<LogRecord> writes = new ArrayList<>();
    /** In the order of their submissions. */
    private final ArrayDeque<Held> held = new ArrayDeque<>();
    /** Actions that wait for the end of writes, durable or failed. In the order of their submissions. */
    private final ArrayDeque<Held> ending = new ArrayDeque<>();

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
            long incarnation,
            Links links,
            GroupCommit commit,
            WriteProgress progress,
            BiConsumer<LogId, PaxosMessage> toSelf) {
        this.self = self;
        this.incarnation = incarnation;
        this.links = links;
        this.commit = commit;
        this.progress = progress;
        this.toSelf = toSelf;
    }

    /** The outbox of one life of a log. After its end it takes nothing, and what it holds never leaves. */
    final class LogOutbox implements Outbox<PaxosMessage, LogRecord> {
        private final LogId log;
        /** The number of the configuration in which the log stands, which each message carries. */
        private final LongSupplier configuration;

        private final BiConsumer<TimerId, Long> timers;
        private boolean closed;

        private LogOutbox(LogId log, LongSupplier configuration, BiConsumer<TimerId, Long> timers) {
            this.log = log;
            this.configuration = configuration;
            this.timers = timers;
        }

        @Override
        public void persist(LogRecord write) {
            if (!closed) {
                writes.add(write);
                turnBytes += write.size();
            }
        }

        @Override
        public void sendNow(NodeId to, PaxosMessage message) {
            if (to.equals(self)) {
                throw new IllegalArgumentException("sends to itself without a write: " + message);
            }
            if (!closed) {
                send(log, configuration.getAsLong(), to, message);
            }
        }

        @Override
        public void sendDurable(NodeId to, PaxosMessage message) {
            hold(this, new Sending(log, configuration.getAsLong(), to, message));
        }

        @Override
        public void retract(BiPredicate<NodeId, PaxosMessage> useless) {
            held.removeIf(each -> each.owner == this
                    && each.action instanceof Sending sending
                    && useless.test(sending.to, sending.message));
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

        /** Runs an action once every write persisted so far is durable, unless this outbox is closed by then. */
        void afterWrites(Runnable action) {
            hold(this, action);
        }

        /** Ends this outbox: discards everything that it holds (RULES.md O-2). */
        void close() {
            closed = true;
        }
    }

    /**
     * The outbox of one life of a log.
     *
     * @param configuration the number of the configuration in which the log stands
     */
    LogOutbox of(LogId log, LongSupplier configuration, BiConsumer<TimerId, Long> timers) {
        return new LogOutbox(log, configuration, timers);
    }

    /** Runs an action once every write persisted so far is in the log, and synced if it asks for that. */
    void afterWrites(Runnable action) {
        hold(null, action);
    }

    private void hold(@Nullable LogOutbox owner, Runnable action) {
        held.add(new Held(pending(), owner, action));
    }

    /** The last submission that has a part in what was persisted so far. */
    private long pending() {
        // What was persisted in this turn goes with the next submission.
        return writes.isEmpty() ? submitted : submitted + 1;
    }

    /** Runs an action once every write persisted so far has ended: it is durable, or the disk has failed. */
    void afterEnd(Runnable action) {
        ending.add(new Held(pending(), null, action));
        releaseEnded();
    }

    /** Holds nothing any more, because this node's loop has died: no message leaves, and nobody waits for a write. */
    void abandon() {
        held.clear();
        while (!ending.isEmpty()) {
            ending.removeFirst().action.run();
        }
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
        return progress.through() < submitted && !progress.hasFailed();
    }

    /** The number of actions and messages that wait for a write. */
    public int waiting() {
        return held.size() + ending.size();
    }

    /** Runs the actions whose writes are durable, except those of closed logs. Returns their number. */
    int release() {
        int released = 0;
        while (!held.isEmpty() && held.getFirst().submission <= progress.through()) {
            Held due = held.removeFirst();
            if (due.owner == null || !due.owner.closed) {
                due.action.run();
            }
            released++;
        }
        if (progress.hasFailed()) {
            held.clear();
        }
        return released + releaseEnded();
    }

    private int releaseEnded() {
        int released = 0;
        while (!ending.isEmpty() && (ending.getFirst().submission <= progress.through() || progress.hasFailed())) {
            ending.removeFirst().action.run();
            released++;
        }
        return released;
    }

    private void send(LogId log, long configuration, NodeId to, PaxosMessage message) {
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
