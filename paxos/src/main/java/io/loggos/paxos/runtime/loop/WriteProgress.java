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

    /** The number of the last submission that is durable, with all before it. On the loop's thread. */
    long through() {
        return durable;
    }

    /** True once a write has failed. No later submission reaches the disk. On the loop's thread. */
    boolean hasFailed() {
        return failed;
    }
}
