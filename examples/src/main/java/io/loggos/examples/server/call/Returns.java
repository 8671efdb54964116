package io.loggos.examples.server.call;

import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks that wait for an event loop. This is a Treiber stack, linked through the tasks themselves. The event loop
 * takes all tasks at once and reverses their order. Tasks added while the loop is busy cost one wake-up together, and
 * their answers leave in one write per connection.
 */
final class Returns implements Runnable {
    /** A task for the event loop. */
    abstract static class Task {
        private @Nullable Task next;

        /** Runs the task on the event loop. */
        abstract void run();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Returns.class);
    private static final Occasionally OCCASIONALLY = new Occasionally();

    private final EventExecutor loop;
    private final AtomicReference<@Nullable Task> newest = new AtomicReference<>();

    Returns(EventExecutor loop) {
        this.loop = loop;
    }

    /** True if the calling thread is the event loop. */
    boolean isHere() {
        return loop.inEventLoop();
    }

    /** Adds a task that the event loop runs soon. Any thread. */
    void add(Task task) {
        Task before;
        do {
            before = newest.get();
            task.next = before;
        } while (!newest.compareAndSet(before, task));
        // The caller that added the first task wakes the event loop.
        if (before == null) {
            loop.execute(this);
        }
    }

    /** Runs all tasks in the order in which they were added. */
    @Override
    public void run() {
        Task oldest = null;
        Task from = newest.getAndSet(null);
        while (from != null) {
            Task before = from.next;
            from.next = oldest;
            oldest = from;
            from = before;
        }
        while (oldest != null) {
            Task following = oldest.next;
            try {
                oldest.run();
            } catch (RuntimeException e) {
                // The failure of one call must not affect the answers of others.
                OCCASIONALLY.run(() -> LOG.warn("a call could not be answered", e));
            }
            oldest = following;
        }
    }
}
