package io.loggos.examples.server;

import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is to be done on an event loop, behind what it is doing: Treiber's stack, linked through the tasks themselves,
 * of which the loop takes all at once and turns them round. Whatever has gathered while the loop was busy costs one
 * wake-up, and goes to the connection in one write.
 */
final class Returns implements Runnable {
    /** Something to do on the event loop. */
    abstract static class Task {
        private @Nullable Task next;

        /** Does it, on the event loop. */
        abstract void run();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Returns.class);
    private static final Occasionally OCCASIONALLY = new Occasionally();

    private final EventExecutor loop;
    private final AtomicReference<@Nullable Task> newest = new AtomicReference<>();

    Returns(EventExecutor loop) {
        this.loop = loop;
    }

    /** Whether the calling thread is that of the event loop. */
    boolean isHere() {
        return loop.inEventLoop();
    }

    /** Has it done soon. Any thread. */
    void add(Task task) {
        Task before;
        do {
            before = newest.get();
            task.next = before;
        } while (!newest.compareAndSet(before, task));
        // Whoever finds something there leaves the waking to the one that put the first.
        if (before == null) {
            loop.execute(this);
        }
    }

    /** Does all there is, in the order in which it came. */
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
                // That of one call must not cost the others their answers.
                OCCASIONALLY.run(() -> LOG.warn("a call could not be answered", e));
            }
            oldest = following;
        }
    }
}
