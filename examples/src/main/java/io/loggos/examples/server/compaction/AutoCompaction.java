package io.loggos.examples.server.compaction;

import io.loggos.api.kv.KeyValueException;
import io.loggos.api.kv.KeyValueStore;
import io.loggos.api.kv.Operation;
import io.loggos.api.replica.Role;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compacts a store by a policy. Each member follows the revisions, and the leader compacts. */
public final class AutoCompaction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AutoCompaction.class);

    private final KeyValueStore store;
    private final CompactionPlan plan;
    private final ScheduledExecutorService thread;

    private AutoCompaction(KeyValueStore store, CompactionPolicy policy) {
        this.store = store;
        plan = new CompactionPlan(policy);
        thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "loggos-compaction");
            made.setDaemon(true);
            return made;
        });
        if (!(policy instanceof CompactionPolicy.None)) {
            long every = plan.lookEvery().toNanos();
            ScheduledFuture<?> unused = thread.scheduleWithFixedDelay(this::look, 0, every, TimeUnit.NANOSECONDS);
        }
    }

    /** Starts to compact a store. */
    public static AutoCompaction start(KeyValueStore store, CompactionPolicy policy) {
        return new AutoCompaction(store, policy);
    }

    private void look() {
        OptionalLong target = plan.look(System.nanoTime(), store.revision());
        if (target.isEmpty() || store.replica().status().role() != Role.LEADER) {
            return;
        }
        long revision = target.getAsLong();
        try {
            store.compact(new Operation.Compact(revision)).join();
            LOG.info("compacted to revision {}", revision);
            plan.compacted(revision);
        } catch (CompletionException e) {
            if (isCompacted(e.getCause())) {
                plan.compacted(revision);
            } else {
                LOG.warn("cannot compact to revision {} now: {}", revision, String.valueOf(e.getCause()));
            }
        }
    }

    private static boolean isCompacted(@Nullable Throwable failure) {
        return failure instanceof KeyValueException refused && refused.reason() == KeyValueException.Reason.COMPACTED;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
