package io.loggos.paxos.runtime.bulk;

import io.loggos.api.snapshot.SnapshotProgress;
import io.loggos.internal.user.UserCode;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Passes on progress to an application that may be slow, or throw.
 *
 * <p>The application is called for one report at a time. While it is busy, only the newest report is kept.
 */
final class ProgressReports implements SnapshotProgress {
    private record Report(String what, long doneBytes, long allBytes) {}

    private final SnapshotProgress progress;
    private final UserCode userCode;
    private final AtomicReference<@Nullable Report> newest = new AtomicReference<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();

    ProgressReports(SnapshotProgress progress, UserCode userCode) {
        this.progress = progress;
        this.userCode = userCode;
    }

    @Override
    public void at(String what, long doneBytes, long allBytes) {
        newest.set(new Report(what, doneBytes, allBytes));
        schedule();
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            userCode.answer(this::tell);
        }
    }

    private void tell() {
        for (Report next = newest.getAndSet(null); next != null; next = newest.getAndSet(null)) {
            Report report = next;
            userCode.attempt(
                    "a receiver of progress", () -> progress.at(report.what, report.doneBytes, report.allBytes));
        }
        scheduled.set(false);
        if (newest.get() != null) {
            schedule();
        }
    }
}
