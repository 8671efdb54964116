package io.loggos.snapshot.runtime;

import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotOptions;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What one caller asked for: attempts, one after the other, until one succeeds or the time is over. Of the loop. */
final class Attempts {
    final SnapshotOptions options;
    final long deadlineNanos;
    final CompletableFuture<GlobalSnapshot> result = new CompletableFuture<>();
    /** Why the last one failed. */
    String reason = "no attempt was made";
    /** What the present one has found, once it is verified. */
    @Nullable
    GlobalSnapshot verified;

    private int failures;

    Attempts(SnapshotOptions options, long deadlineNanos) {
        this.options = options;
        this.deadlineNanos = deadlineNanos;
    }

    /** Notes that one has failed; returns when the next one is due. */
    long failed(String why, long now, long heartbeatNanos) {
        reason = why;
        verified = null;
        int doublings = Math.min(4, failures++);
        return now + (heartbeatNanos << doublings) / 2;
    }
}
