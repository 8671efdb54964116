package io.loggos.paxos.runtime;

import io.loggos.api.LogId;
import io.loggos.api.spi.CheckpointManifest;
import io.loggos.api.spi.CheckpointStore;
import io.loggos.api.spi.Meters;
import io.loggos.internal.loop.EventLoop;
import io.loggos.paxos.runtime.loop.OpenLogs;
import io.loggos.storage.checkpoint.CheckpointScrub;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Lets the checkpoints of the open logs be read again, a part in each second. A log takes another for a rotten one. */
final class Scrub implements CheckpointScrub.Listener {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final OpenLogs logs;
    private final Executor worker;
    private final CheckpointScrub scrub;
    private final long bytesPerSecond;
    private final Meters.Counter readBytes;

    /**
     * Creates it at rest.
     *
     * @param worker reads
     * @param bytesPerSecond 0 for never
     */
    Scrub(EventLoop loop, OpenLogs logs, Executor worker, CheckpointStore store, long bytesPerSecond, Meters meters) {
        this.loop = loop;
        this.logs = logs;
        this.worker = worker;
        this.scrub = new CheckpointScrub(store, this);
        this.bytesPerSecond = bytesPerSecond;
        this.readBytes = meters.counter("loggos.checkpoints.scrubbed.bytes");
    }

    void start() {
        if (bytesPerSecond > 0) {
            loop.submit(this::await);
        }
    }

    private void await(long now) {
        loop.later(now + PERIOD_NANOS, at -> {
            List<LogId> open = logs.open();
            worker.execute(() -> {
                try {
                    scrub.read(open, bytesPerSecond);
                } finally {
                    loop.submit(this::await);
                }
            });
        });
    }

    @Override
    public void read(long bytes) {
        readBytes.add(bytes);
    }

    @Override
    public void rotten(CheckpointManifest checkpoint) {
        loop.submit(now -> logs.onCheckpointRotten(checkpoint.log(), checkpoint.slot()));
    }
}
