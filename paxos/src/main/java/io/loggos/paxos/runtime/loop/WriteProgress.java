package io.loggos.paxos.runtime.loop;

import io.loggos.api.StorageException;
import io.loggos.internal.loop.EventLoop;
import io.loggos.storage.GroupCommit;

/** The progress of the node's group commit, brought to the loop. A failed write halts all logs. */
public final class WriteProgress implements GroupCommit.Listener {
    private final EventLoop loop;
    private final OpenLogs logs;
    /** Owned by the loop. */
    private long durable;
    /** A submission that was under way at {@link #probedAtNanos}; the one whose age tells if the disk is late. */
    private long probed;

    private long probedAtNanos;
    /** Owned by the loop. */
    private boolean failed;

    public WriteProgress(EventLoop loop, OpenLogs logs) {
        this.loop = loop;
        this.logs = logs;
    }

    @Override
    public void durable(long through) {
        loop.deliver(now -> durable = Math.max(durable, through));
    }

    @Override
    public void failed(StorageException cause) {
        loop.submit(now -> failed = true);
        logs.haltAll("the disk cannot be written: " + cause.getMessage(), cause);
    }

    /** Notes at the end of a turn the last submission. On the loop's thread. */
    void submitted(long number, long now) {
        if (probed <= durable) {
            probed = number;
            probedAtNanos = now;
        }
    }

    /** The time since which a submission is under way, or later; {@link Long#MAX_VALUE} if none is. */
    long writingSinceNanos() {
        return probed > durable ? probedAtNanos : Long.MAX_VALUE;
    }

    /** The number of the last submission that is durable, with all before it. On the loop's thread. */
    long through() {
        return durable;
    }

    /** True once a write has failed. No later submission reaches the disk. On the loop's thread. */
    boolean hasFailed() {
        return failed;
    }
}
