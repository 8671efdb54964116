package io.loggos.paxos.runtime.agent;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs long tasks one after the other, away from the event loop and the state machines.
 *
 * <p>A task that throws a {@link RuntimeException} is logged, and the next one runs. What a peer causes must not end
 * the agent. An {@link Error} ends it.
 */
public final class BackgroundWorker implements Agent, Executor {
    private static final Logger LOGGER = LoggerFactory.getLogger(BackgroundWorker.class);

    private final String name;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Waker waker;

    public BackgroundWorker(String name, Waker waker) {
        this.name = name;
        this.waker = waker;
    }

    /** Queues a task. Any thread. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        waker.wake();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int doWork() {
        Runnable task = tasks.poll();
        if (task == null) {
            return 0;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            LOGGER.error("a task of \"{}\" has failed", name, e);
        }
        return 1;
    }

    @Override
    public long nextWorkNanos() {
        return tasks.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
