package io.loggos.snapshot.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Meters;
import io.loggos.internal.codec.MalformedException;
import io.loggos.internal.loop.EventLoop;
import io.loggos.internal.user.UserCode;
import io.loggos.snapshot.core.Recording;
import io.loggos.snapshot.core.SnapshotEffects;
import io.loggos.snapshot.core.SnapshotMessage;
import io.loggos.snapshot.core.SnapshotProcess;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.snapshot.wire.SnapshotCodec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The global snapshots of a node, as part of the turns of its loop. The loop calls the methods, except where they say
 * otherwise.
 */
public final class SnapshotHost {
    private static final Logger LOGGER = LoggerFactory.getLogger(SnapshotHost.class);

    /**
     * Objects that the snapshots of a node share.
     *
     * @param incarnation of the node's store
     * @param life a random number of this process start, never negative
     * @param loop owns the protocol
     * @param userCode completes the futures of callers
     * @param heartbeat unit of the wait after a failed attempt, which is half of it at first
     */
    public record Parts(
            NodeId self,
            String clusterId,
            long incarnation,
            long life,
            EventLoop loop,
            SnapshotNode node,
            SnapshotStore store,
            Clock clock,
            Duration heartbeat,
            Meters meters,
            UserCode userCode) {}

    private final Parts parts;
    private final SnapshotNode node;
    private final EventLoop loop;
    private final SnapshotProcess process;
    private final LocalParts local;
    private final SnapshotRequests requests;
    /** Messages that could not be sent to all nodes yet. */
    private final ArrayDeque<Bytes> unsent = new ArrayDeque<>();

    private final Meters.Counter completed;
    private final Meters.Counter aborted;
    /** True if the group accepts no message at the moment. */
    private boolean mayNotSend;

    private boolean holdsBulk;
    private @Nullable View view;
    private long now;

    public SnapshotHost(Parts parts) {
        this.parts = parts;
        this.node = parts.node();
        this.loop = parts.loop();
        this.process = new SnapshotProcess(parts.self(), parts.life(), node, new Effects());
        this.completed = parts.meters().counter("loggos.snapshots.completed");
        this.aborted = parts.meters().counter("loggos.snapshots.aborted");
        this.local = new LocalParts(parts, process);
        this.requests = new SnapshotRequests(parts, process, this::laterAt);
    }

    /** Effects of the protocol. */
    private final class Effects implements SnapshotEffects {
        @Override
        public void send(NodeId to, SnapshotMessage message) {
            node.send(to, SnapshotCodec.encode(message));
        }

        @Override
        public boolean isMember(NodeId other) {
            return node.isMember(other);
        }

        @Override
        public void multicast(SnapshotMessage message) {
            unsent.add(SnapshotCodec.encode(message));
        }

        @Override
        public String recordState(SnapshotId id) {
            hold(true);
            Optional<NodeId> outsider = outsider();
            if (outsider.isPresent()) {
                return outsider.get() + " has a link to here and is not in the view of the nodes";
            }
            try {
                local.record(id);
                return "";
            } catch (SnapshotException e) {
                return String.valueOf(e.getMessage());
            }
        }

        @Override
        public void write(SnapshotId id, Recording<NodeId, Bytes> recording) {
            Optional<NodeId> outsider = outsider();
            if (outsider.isPresent()) {
                loop.submit(at -> process.onFailed(id, outsider.get() + " has got a link to here meanwhile"));
            } else {
                local.write(id, recording);
            }
        }

        @Override
        public void verify(SnapshotId id, View view, SortedMap<NodeId, SnapshotMessage.Recorded> recorded) {
            LocalPart part = local.get(id);
            if (part != null) {
                new SnapshotVerification(
                                parts,
                                process,
                                requests::verified,
                                id,
                                requests.owner(id),
                                view,
                                part.takenAt(),
                                recorded)
                        .begin();
            }
        }

        @Override
        public void publish(SnapshotId id, Bytes manifest, int retained) {
            local.publish(id, manifest, retained);
        }

        @Override
        public void completed(SnapshotId id) {
            local.forget(id);
            completed.add(1);
            requests.completed(id, now);
        }

        @Override
        public void lost(SnapshotId id, String reason) {
            LOGGER.warn("{}: snapshot {} is deleted: {}", parts.self(), id, reason);
            local.delete(id);
            local.discard(id);
            requests.aborted(id, reason, now);
        }

        @Override
        public void aborted(SnapshotId id, String reason) {
            aborted.add(1);
            LOGGER.info("{}: snapshot {} is aborted: {}", parts.self(), id, reason);
            local.discard(id);
            requests.aborted(id, reason, now);
        }

        @Override
        public void delete(SnapshotId id) {
            local.delete(id);
        }

        @Override
        public void note(String event) {
            parts.meters().counter("loggos.snapshots.events", "event", event).add(1);
        }
    }

    private Optional<NodeId> outsider() {
        View present = view;
        return present == null ? Optional.empty() : node.outsider(present);
    }

    /** Takes a snapshot. Any thread. */
    public CompletableFuture<GlobalSnapshot> take(SnapshotOptions options) {
        long deadlineNanos = parts.clock().nanos() + options.deadline().toNanos();
        Attempts asked = new Attempts(options, deadlineNanos);
        EventLoop.Step step = at -> {
            now = at;
            requests.attempt(asked, at);
        };
        loop.submit(step.orElse(() -> requests.fail(asked)));
        return asked.result;
    }

    /** Makes all nodes delete a snapshot. Any thread. */
    public void delete(SnapshotId id) {
        loop.submit(at -> unsent.add(SnapshotCodec.encode(new SnapshotMessage.Delete(id))));
    }

    /** Takes a message of another protocol from a link, before it is handled. */
    public void onMessage(NodeId from, long number, Bytes message) {
        process.onMessage(from, number, message);
    }

    /** Takes a message of this protocol from a link. */
    public void onOwnMessage(NodeId from, long number, Bytes message, long at) throws MalformedException {
        now = at;
        SnapshotMessage decoded;
        try {
            decoded = SnapshotCodec.decode(message);
        } catch (MalformedException e) {
            process.onMessage(from, number, message);
            throw e;
        }
        process.onMessage(from, number, message, decoded);
    }

    /** Takes a message that was delivered in the group of all nodes. */
    public void onNodesSaid(NodeId from, Bytes message, long at) throws MalformedException {
        now = at;
        process.onDelivered(from, SnapshotCodec.decode(message));
    }

    /** Takes a new view of the group of all nodes; null if this node is in none. */
    public void onView(@Nullable View newView, long at) {
        now = at;
        view = newView;
        mayNotSend = newView == null || !newView.primary();
        if (mayNotSend) {
            // No snapshot is decided in such a view: the next view ends what was begun.
            unsent.clear();
        }
        process.onView(newView);
    }

    /** Notes that another group has a new view. */
    public void onViewChanged(String group, long at) {
        now = at;
        process.onStateLost("the view of group \"" + group + "\" has changed");
    }

    public void onLinkReset(NodeId peer, long at) {
        now = at;
        process.onLinkReset(peer);
    }

    /** Does the work that is due, and sends the messages to all nodes. */
    public void endTurn(long at) {
        now = at;
        process.onTick(at);
        try {
            mayNotSend = false;
            while (!unsent.isEmpty()) {
                node.multicast(unsent.getFirst());
                unsent.removeFirst();
            }
        } catch (LoggosException e) {
            mayNotSend = true;
            LOGGER.debug("{}: not sent to all nodes yet", parts.self(), e);
        }
        hold(process.isRecording());
    }

    /** Time at which {@link #endTurn} next has work without any event. */
    public long nextTickNanos() {
        return unsent.isEmpty() || mayNotSend ? process.nextTickNanos() : Long.MIN_VALUE;
    }

    /** Begins no more snapshots, and fails the futures of waiting callers. */
    public void close() {
        requests.close();
    }

    /** Runs a step later, on the loop's thread. Any thread. */
    void later(Duration delay, EventLoop.Step step) {
        EventLoop.Step begin = at -> laterAt(at + delay.toNanos(), step);
        loop.submit(begin.orElse(step::dropped));
    }

    private void laterAt(long atNanos, EventLoop.Step step) {
        EventLoop.Step timed = at -> {
            now = at;
            step.at(at);
        };
        loop.later(atNanos, timed.orElse(step::dropped));
    }

    boolean isClosed() {
        return requests.isClosed();
    }

    UserCode userCode() {
        return parts.userCode();
    }

    NodeId self() {
        return parts.self();
    }

    private void hold(boolean held) {
        if (held != holdsBulk) {
            holdsBulk = held;
            node.holdBulk(held);
        }
    }
}
