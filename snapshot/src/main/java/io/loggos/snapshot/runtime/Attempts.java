package io.loggos.snapshot.runtime;

import io.loggos.api.snapshot.GlobalSnapshot;
import io.loggos.api.snapshot.SnapshotOptions;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Request of one caller: attempts, one after the other, until one succeeds or the time is over. Used by the loop. */
final class Attempts {
    final SnapshotOptions options;
    final long deadlineNanos;
    final CompletableFuture<GlobalSnapshot> result = new CompletableFuture<>();
    /** Reasons why the last attempts failed. */
    String reason = "no attempt was made";

    private String last = "";
    /** Snapshot of the present attempt, once it is verified. */
    @Nullable
    GlobalSnapshot verified;

    private int failures;

    Attempts(SnapshotOptions options, long deadlineNanos) {
        this.options = options;
        this.deadlineNanos = deadlineNanos;
    }

    /** Notes that an attempt has failed; returns when the next one is due. */
    long failed(String why, long now, long heartbeatNanos) {
        reason = last.isEmpty() || last.equals(why) ? why : why + "; and the one before: " + last;
        last = why;
        verified = null;
        int doublings = Math.min(4, failures++);
        return now + (heartbeatNanos << doublings) / 2;
    }
}
