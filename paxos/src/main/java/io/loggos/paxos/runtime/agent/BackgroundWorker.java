package io.loggos.paxos.runtime.agent;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Runs long tasks one after the other, away from the event loop and the state machines. */
public final class BackgroundWorker implements Agent {
    private final String name;
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Waker waker;

    public BackgroundWorker(String name, Waker waker) {
        this.name = name;
        this.waker = waker;
    }

    /** Queues a task. Any thread. */
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
        task.run();
        return 1;
    }

    @Override
    public long nextWorkNanos() {
        return tasks.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
}
