package io.loggos.internal.user;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A place in which tasks run one after the other, in the order in which they were given.
 *
 * <p>Somebody else drains it: a thread, an executor or the simulation. Code of the application that blocks holds up its
 * lane and no other.
 */
public final class Lane implements Executor {
    private static final ThreadLocal<@Nullable Lane> HERE = new ThreadLocal<>();

    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Runnable wake;
    private final Runnable onClose;

    /**
     * Creates an empty lane.
     *
     * @param wake has {@link #drain} called soon. Any thread
     * @param onClose is run by the last task
     */
    public Lane(Runnable wake, Runnable onClose) {
        this.wake = wake;
        this.onClose = onClose;
    }

    /** Runs a task after those that were given before. Any thread. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        wake.run();
    }

    /** Ends the lane once all that was given before has run. What is given later need not run. Any thread. */
    public void close() {
        execute(onClose);
    }

    /** Runs tasks, at most this many; returns their number. One thread at a time. */
    public int drain(int most) {
        Lane outer = HERE.get();
        HERE.set(this);
        try {
            int done = 0;
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
                if (++done == most) {
                    break;
                }
            }
            return done;
        } finally {
            HERE.set(outer);
        }
    }

    /** True if no task waits. */
    public boolean isEmpty() {
        return tasks.isEmpty();
    }

    /** True if the caller runs in this lane. */
    public boolean isHere() {
        return HERE.get() == this;
    }

    /** True if the caller runs in a lane. */
    public static boolean isAnyHere() {
        return HERE.get() != null;
    }
}
