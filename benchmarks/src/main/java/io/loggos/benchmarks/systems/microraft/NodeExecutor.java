package io.loggos.benchmarks.systems.microraft;

import io.microraft.executor.RaftNodeExecutor;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * The one thread of a MicroRaft node. It takes all waiting tasks at once, so that a busy node pays neither a wrapper
 * nor a wake-up for each task.
 */
final class NodeExecutor implements RaftNodeExecutor, AutoCloseable {
    private record Timer(long atNanos, Runnable task) {}

    private final Object lock = new Object();
    private final PriorityQueue<Timer> timers = new PriorityQueue<>((a, b) -> Long.signum(a.atNanos - b.atNanos));
    private final Thread thread;
    private ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean idle;
    private boolean closed;

    NodeExecutor(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Begins to run tasks. */
    void start() {
        thread.start();
    }

    @Override
    public void execute(Runnable task) {
        submit(task);
    }

    @Override
    public void submit(Runnable task) {
        synchronized (lock) {
            waiting.add(task);
            wakeUp();
        }
    }

    @Override
    public void schedule(Runnable task, long delay, TimeUnit unit) {
        Timer timer = new Timer(System.nanoTime() + unit.toNanos(delay), task);
        synchronized (lock) {
            timers.add(timer);
            wakeUp();
        }
    }

    /** Ends the thread and drops waiting tasks. Returns once the thread has ended. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            wakeUp();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void wakeUp() {
        if (idle) {
            idle = false;
            lock.notifyAll();
        }
    }

    private void run() {
        ArrayDeque<Runnable> taken = new ArrayDeque<>();
        try {
            while (true) {
                synchronized (lock) {
                    awaitWork();
                    if (closed) {
                        return;
                    }
                    ArrayDeque<Runnable> empty = taken;
                    taken = waiting;
                    waiting = empty;
                }
                for (Runnable task = taken.poll(); task != null; task = taken.poll()) {
                    task.run();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until there is work in the queue, or until it is closed. */
    private void awaitWork() throws InterruptedException {
        while (!closed) {
            long nanos = expire();
            if (!waiting.isEmpty()) {
                return;
            }
            idle = true;
            if (nanos == Long.MAX_VALUE) {
                lock.wait();
            } else {
                // A timer may be a millisecond late: MicroRaft's shortest is a quarter of a second.
                lock.wait(TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
            }
            idle = false;
        }
    }

    /** Moves due timers to the queue and returns the time until the next one. */
    private long expire() {
        if (timers.isEmpty()) {
            return Long.MAX_VALUE;
        }
        long now = System.nanoTime();
        for (Timer first = timers.peek(); first != null; first = timers.peek()) {
            if (first.atNanos - now > 0) {
                return first.atNanos - now;
            }
            waiting.add(first.task);
            timers.remove();
        }
        return Long.MAX_VALUE;
    }
}
