package io.loggos.snapshot.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.LoggosException;
import io.loggos.api.NodeClosedException;
import io.loggos.api.NodeId;
import io.loggos.api.group.View;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Meters;
import io.loggos.internal.codec.MalformedException;
import io.loggos.snapshot.core.Recording;
import io.loggos.snapshot.core.SnapshotEffects;
import io.loggos.snapshot.core.SnapshotMessage;
import io.loggos.snapshot.core.SnapshotProcess;
import io.loggos.snapshot.store.PartDigest;
import io.loggos.snapshot.store.SnapshotDirectory;
import io.loggos.snapshot.store.SnapshotManifest;
import io.loggos.snapshot.store.SnapshotManifestCodec;
import io.loggos.snapshot.store.SnapshotStore;
import io.loggos.snapshot.wire.SnapshotCodec;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
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
     * @param heartbeat unit of the wait after a failed attempt, which is half of it at first
     */
    public record Parts(
            NodeId self,
            String clusterId,
            long incarnation,
            long life,
            SnapshotNode node,
            SnapshotStore store,
            Clock clock,
            Duration heartbeat,
            Meters meters) {}

    /** A step to run later. */
    private record Later(long atNanos, SnapshotNode.Step step) {}

    private final Parts parts;
    private final SnapshotNode node;
    private final SnapshotProcess process;
    private final TreeMap<SnapshotId, LocalPart> local = new TreeMap<>();
    private final TreeMap<SnapshotId, Attempts> attempts = new TreeMap<>();
    private final List<Attempts> waiting = new ArrayList<>();
    private final List<Later> later = new ArrayList<>();
    /** Messages that could not be sent to all nodes yet. */
    private final ArrayDeque<Bytes> unsent = new ArrayDeque<>();

    private final Meters.Counter completed;
    private final Meters.Counter aborted;
    private final Meters.Timer duration;
    /** True if the group accepts no message at the moment. */
    private boolean mayNotSend;

    private boolean holdsBulk;
    private @Nullable View view;
    private volatile boolean closed;
    private long now;

    public SnapshotHost(Parts parts) {
        this.parts = parts;
        this.node = parts.node();
        this.process = new SnapshotProcess(parts.self(), parts.life(), node, new Effects());
        this.completed = parts.meters().counter("loggos.snapshots.completed");
        this.aborted = parts.meters().counter("loggos.snapshots.aborted");
        this.duration = parts.meters().timer("loggos.snapshots.duration");
    }

    /** Effects of the protocol. */
    private final class Effects implements SnapshotEffects {
        @Override
        public void send(NodeId to, SnapshotMessage message) {
            node.send(to, SnapshotCodec.encode(message));
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
                Instant takenAt = Instant.ofEpochMilli(parts.clock().wallMillis());
                local.put(id, new LocalPart(id, parts.self(), parts.incarnation(), takenAt, node.record()));
                return "";
            } catch (SnapshotException e) {
                return String.valueOf(e.getMessage());
            }
        }

        @Override
        public void write(SnapshotId id, Recording<NodeId, Bytes> recording) {
            LocalPart part = local.get(id);
            Optional<NodeId> outsider = outsider();
            if (outsider.isPresent()) {
                node.submit(at -> process.onFailed(id, outsider.get() + " has got a link to here meanwhile"));
            } else if (part != null) {
                CompletableFuture<?> unused = part.recorded()
                        .whenComplete((recorded, failure) ->
                                node.execute(() -> writePart(id, part, recorded, failure, recording)));
            }
        }

        @Override
        public void verify(SnapshotId id, View view, SortedMap<NodeId, SnapshotMessage.Recorded> recorded) {
            LocalPart part = local.get(id);
            if (part != null) {
                new Verification(id, view, part.takenAt(), recorded).begin();
            }
        }

        @Override
        public void publish(SnapshotId id, Bytes manifest, int retained) {
            node.execute(() -> publishPart(id, manifest, retained));
        }

        @Override
        public void completed(SnapshotId id) {
            local.remove(id);
            completed.add(1);
            Attempts done = attempts.remove(id);
            if (done != null) {
                finish(done);
            }
        }

        @Override
        public void aborted(SnapshotId id, String reason) {
            aborted.add(1);
            LOGGER.info("{}: snapshot {} is aborted: {}", parts.self(), id, reason);
            LocalPart part = local.remove(id);
            if (part != null) {
                node.execute(() -> parts.store().discard(id));
                CompletableFuture<?> unused =
                        part.recorded().thenAccept(recorded -> node.execute(() -> LocalPart.discardFrom(recorded, 0)));
            }
            Attempts failed = attempts.remove(id);
            if (failed != null) {
                again(failed, reason);
            }
        }

        @Override
        public void delete(SnapshotId id) {
            node.execute(() -> {
                try {
                    parts.store().delete(id);
                } catch (IOException e) {
                    LOGGER.warn("{}: snapshot {} cannot be deleted", parts.self(), id, e);
                }
            });
        }

        @Override
        public void note(String event) {
            parts.meters().counter("loggos.snapshots.events", "event", event).add(1);
        }
    }

    private Optional<NodeId> outsider() {
        View now = view;
        return now == null ? Optional.empty() : node.outsider(now);
    }

    /** Takes a snapshot. Any thread. */
    public CompletableFuture<GlobalSnapshot> take(SnapshotOptions options) {
        long deadlineNanos = parts.clock().nanos() + options.deadline().toNanos();
        Attempts asked = new Attempts(options, deadlineNanos);
        node.submit(at -> {
            now = at;
            attempt(asked);
        });
        return asked.result;
    }

    /** Makes all nodes delete a snapshot. Any thread. */
    public void delete(SnapshotId id) {
        node.submit(at -> unsent.add(SnapshotCodec.encode(new SnapshotMessage.Delete(id))));
    }

    private void attempt(Attempts asked) {
        waiting.remove(asked);
        if (closed) {
            asked.result.completeExceptionally(closedException());
        } else if (now >= asked.deadlineNanos) {
            tell(
                    asked,
                    null,
                    new SnapshotException("no snapshot within "
                            + asked.options.deadline().toMillis() + " ms; the last attempt failed: " + asked.reason));
        } else {
            Optional<SnapshotId> id = process.start(
                    asked.deadlineNanos, asked.options.retained(), started -> attempts.put(started, asked));
            if (id.isEmpty()) {
                again(asked, "this node is not in a primary view");
            }
        }
    }

    private void again(Attempts asked, String reason) {
        long next = Math.min(
                asked.deadlineNanos, asked.failed(reason, now, parts.heartbeat().toNanos()));
        waiting.add(asked);
        later.add(new Later(next, at -> attempt(asked)));
    }

    private void finish(Attempts done) {
        GlobalSnapshot snapshot = done.verified;
        if (snapshot == null) {
            throw new IllegalStateException("complete and not verified");
        }
        duration.record(now - done.deadlineNanos + done.options.deadline().toNanos());
        CompletableFuture<?> unused = done.options
                .collectInto()
                .map(directory -> node.export(snapshot.id(), directory, SnapshotProgress.NONE))
                .orElseGet(() -> CompletableFuture.completedFuture(snapshot))
                .whenComplete((found, failure) -> tell(done, found, failure));
    }

    /** Completes the caller's future, not on the loop's thread: the caller may do something that takes long. */
    private void tell(Attempts asked, @Nullable GlobalSnapshot found, @Nullable Throwable failure) {
        node.execute(() -> {
            if (failure == null) {
                asked.result.complete(found);
            } else {
                asked.result.completeExceptionally(failure);
            }
        });
    }

    private static NodeClosedException closedException() {
        return new NodeClosedException("the node is closed");
    }

    private void writePart(
            SnapshotId id,
            LocalPart part,
            @Nullable RecordedNode recorded,
            @Nullable Throwable failure,
            Recording<NodeId, Bytes> recording) {
        String problem;
        if (recorded == null) {
            problem = "the state could not be recorded: " + failure;
        } else {
            try {
                PartDigest digest = part.write(parts.store(), recorded, recording);
                node.submit(at -> process.onWritten(id, digest.sha256(), digest.sizeBytes()));
                return;
            } catch (IOException | RuntimeException e) {
                problem = "the part could not be written: " + e;
            }
        }
        String reason = problem;
        node.submit(at -> process.onFailed(id, reason));
    }

    private void publishPart(SnapshotId id, Bytes manifest, int retained) {
        try {
            parts.store().publish(SnapshotManifestCodec.decode(manifest), retained);
        } catch (IOException | RuntimeException e) {
            LOGGER.error("{}: the part of snapshot {} is lost", parts.self(), id, e);
        }
        node.submit(at -> process.onPublished(id));
    }

    /** Fetches the records of all parts and verifies that they are one consistent cut. */
    private final class Verification {
        private final SnapshotId id;
        private final View view;
        private final Instant takenAt;
        private final TreeMap<NodeId, SnapshotMessage.Recorded> recorded;
        private final TreeMap<NodeId, PartDigest> digests = new TreeMap<>();
        private final TreeMap<NodeId, CompletableFuture<Bytes>> records = new TreeMap<>();

        Verification(SnapshotId id, View view, Instant takenAt, SortedMap<NodeId, SnapshotMessage.Recorded> recorded) {
            this.id = id;
            this.view = view;
            this.takenAt = takenAt;
            this.recorded = new TreeMap<>(recorded);
        }

        void begin() {
            recorded.forEach((from, part) -> {
                digests.put(from, new PartDigest(part.sha256(), part.sizeBytes()));
                records.put(from, from.equals(parts.self()) ? own() : node.fetchPart(from, id, part.sizeBytes()));
            });
            CompletableFuture<?> unused = CompletableFuture.allOf(
                            records.values().toArray(CompletableFuture<?>[]::new))
                    .whenComplete((all, failure) -> node.execute(() -> end(failure)));
        }

        private CompletableFuture<Bytes> own() {
            try {
                return CompletableFuture.completedFuture(parts.store().partRecord(id));
            } catch (IOException | RuntimeException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        private void end(@Nullable Throwable failure) {
            if (failure != null) {
                node.submit(at -> process.onFailed(id, "a part could not be fetched: " + failure));
                return;
            }
            try {
                SnapshotManifest manifest = SnapshotManifest.of(id, parts.clusterId(), view, takenAt, digests);
                TreeMap<NodeId, Bytes> fetched = new TreeMap<>();
                records.forEach((from, record) -> fetched.put(from, record.join()));
                GlobalSnapshot snapshot = SnapshotDirectory.assemble(manifest, fetched);
                Bytes encoded = SnapshotManifestCodec.encode(manifest);
                node.submit(at -> verified(snapshot, encoded));
            } catch (SnapshotException | MalformedException e) {
                node.submit(at -> process.onFailed(id, String.valueOf(e.getMessage())));
            }
        }
    }

    private void verified(GlobalSnapshot snapshot, Bytes manifest) {
        Attempts asked = attempts.get(snapshot.id());
        if (asked != null) {
            asked.verified = snapshot;
            process.onVerified(snapshot.id(), manifest);
        }
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
        for (int i = later.size() - 1; i >= 0; i--) {
            if (at >= later.get(i).atNanos) {
                later.remove(i).step.at(at);
            }
        }
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
        long next = unsent.isEmpty() || mayNotSend ? process.nextTickNanos() : Long.MIN_VALUE;
        for (int i = 0; i < later.size(); i++) {
            next = Math.min(next, later.get(i).atNanos);
        }
        return next;
    }

    /** Begins no more snapshots, and fails the futures of waiting callers. */
    public void close() {
        closed = true;
        attempts.values().forEach(asked -> asked.result.completeExceptionally(closedException()));
        waiting.forEach(asked -> asked.result.completeExceptionally(closedException()));
        later.clear();
    }

    /** Runs a step later, on the loop's thread. Any thread. */
    void later(Duration delay, SnapshotNode.Step step) {
        node.submit(at -> later.add(new Later(at + delay.toNanos(), step)));
    }

    boolean isClosed() {
        return closed;
    }

    private void hold(boolean held) {
        if (held != holdsBulk) {
            holdsBulk = held;
            node.holdBulk(held);
        }
    }
}
