package io.loggos.paxos.runtime.agent;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one owner on a worker that others may use too. They run in order, and end with the owner.
 *
 * <p>So the end of an owner waits for its own task that runs, and not for those of others. Any thread.
 */
public final class OwnTasks implements Executor {
    private record Task(Runnable action, Runnable dropped) {}

    private final Executor worker;
    /** The tasks that have not begun. */
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();

    private boolean running;
    /** The action at the end. Null until this is closed. */
    private @Nullable Runnable whenEnded;

    private boolean ended;

    /**
     * Creates an owner without tasks.
     *
     * @param worker runs the tasks, one at a time
     */
    public OwnTasks(Executor worker) {
        this.worker = worker;
    }

    @Override
    public void execute(Runnable action) {
        execute(action, () -> {});
    }

    /**
     * Queues a task.
     *
     * @param dropped takes the place of the action if this is closed before the action begins
     */
    public void execute(Runnable action, Runnable dropped) {
        if (isQueued(new Task(action, dropped))) {
            worker.execute(this::runNext);
        } else {
            dropped.run();
        }
    }

    private synchronized boolean isQueued(Task task) {
        return whenEnded == null && tasks.add(task);
    }

    /** Drops the tasks that have not begun, and all later ones. Once, as soon as no task runs, an action follows. */
    public void close(Runnable action) {
        synchronized (this) {
            if (whenEnded != null) {
                throw new IllegalStateException("closed before");
            }
            whenEnded = action;
        }
        endIfIdle();
    }

    private void runNext() {
        Task next = begin();
        if (next == null) {
            return;
        }
        try {
            next.action.run();
        } finally {
            synchronized (this) {
                running = false;
            }
            endIfIdle();
        }
    }

    private synchronized @Nullable Task begin() {
        Task next = whenEnded == null ? tasks.poll() : null;
        running = next != null;
        return next;
    }

    private void endIfIdle() {
        Runnable last;
        synchronized (this) {
            last = whenEnded;
            if (last == null || running || ended) {
                return;
            }
            ended = true;
        }
        tasks.forEach(task -> task.dropped.run());
        tasks.clear();
        last.run();
    }
}
