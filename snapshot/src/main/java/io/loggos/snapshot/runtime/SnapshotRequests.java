package io.loggos.snapshot.runtime;

import io.loggos.api.Bytes;
import io.loggos.api.NodeClosedException;
import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotException;
import io.loggos.api.snapshot.SnapshotId;
import io.loggos.api.snapshot.SnapshotOptions;
import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.api.spi.Meters;
import io.loggos.internal.loop.EventLoop;
import io.loggos.internal.user.UserCode;
import io.loggos.snapshot.core.SnapshotProcess;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The snapshots that callers of this node have asked for, each with its {@link Attempts}. Used by the loop. */
final class SnapshotRequests {
    /** Runs steps at a time to come. */
    @FunctionalInterface
    interface Later {
        /** Runs a step on the loop's thread once this time has come, in monotonic nanoseconds. */
        void at(long nanos, EventLoop.Step step);
    }

    private final SnapshotNode node;
    private final UserCode userCode;
    private final SnapshotProcess process;
    private final Later later;
    private final long heartbeatNanos;
    private final Meters.Timer duration;

    /** The requests whose attempt is under way, by its id. */
    private final TreeMap<SnapshotId, Attempts> running = new TreeMap<>();
    /** All requests that may still have a caller who waits, those that are about to be answered included. */
    private final Set<Attempts> open = new LinkedHashSet<>();

    private volatile boolean closed;

    SnapshotRequests(SnapshotHost.Parts parts, SnapshotProcess process, Later later) {
        this.node = parts.node();
        this.userCode = parts.userCode();
        this.process = process;
        this.later = later;
        this.heartbeatNanos = parts.heartbeat().toNanos();
        this.duration = parts.meters().timer("loggos.snapshots.duration");
    }

    /** Makes the next attempt for a caller, or fails the request if its time is over. */
    void attempt(Attempts asked, long now) {
        open.removeIf(each -> each.result.isDone());
        open.add(asked);
        if (closed) {
            fail(asked);
        } else if (now >= asked.deadlineNanos) {
            tell(
                    asked,
                    null,
                    new SnapshotException("no snapshot within "
                            + asked.options.deadline().toMillis() + " ms; the last attempt failed: " + asked.reason));
        } else {
            Optional<SnapshotId> id = process.start(
                    asked.deadlineNanos, asked.options.retained(), started -> running.put(started, asked));
            if (id.isEmpty()) {
                again(asked, "this node is not in a primary view", now);
            }
        }
    }

    private void again(Attempts asked, String reason, long now) {
        long next = Math.min(asked.deadlineNanos, asked.failed(reason, now, heartbeatNanos));
        later.at(next, at -> attempt(asked, at));
    }

    /** Takes the verified snapshot of an attempt, and has all nodes complete it. */
    void verified(GlobalSnapshot snapshot, Bytes manifest) {
        Attempts asked = running.get(snapshot.id());
        if (asked != null) {
            asked.verified = snapshot;
            process.onVerified(snapshot.id(), manifest);
        }
    }

    /** Reports that a snapshot is complete. If it is a caller's, the request ends. */
    void completed(SnapshotId id, long now) {
        Attempts done = running.remove(id);
        if (done != null) {
            finish(done, now);
        }
    }

    /** Reports that a snapshot is aborted. If it is a caller's, there will be another attempt. */
    void aborted(SnapshotId id, String reason, long now) {
        Attempts failed = running.remove(id);
        if (failed != null) {
            again(failed, reason, now);
        }
    }

    /** The owner of a snapshot that a caller of this node has asked for. */
    String owner(SnapshotId id) {
        Attempts asked = running.get(id);
        return asked == null ? SnapshotOptions.APPLICATION : asked.options.owner();
    }

    private void finish(Attempts done, long now) {
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
        userCode.answer(() -> {
            if (failure == null) {
                asked.result.complete(found);
            } else {
                asked.result.completeExceptionally(failure);
            }
        });
    }

    /** Fails the futures of all callers. */
    void close() {
        closed = true;
        open.forEach(this::fail);
    }

    /** Fails the future of a caller whose node is closed. Any thread. */
    void fail(Attempts asked) {
        userCode.answer(() -> asked.result.completeExceptionally(closedException()));
    }

    /** True once no more snapshots begin. Any thread. */
    boolean isClosed() {
        return closed;
    }

    private static NodeClosedException closedException() {
        return new NodeClosedException("the node is closed");
    }
}
