package io.loggos.paxos.runtime.agent;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Threads that complete the futures of callers, so that a dependent stage may wait for another future.
 *
 * <p>They are made when they are needed, up to a limit, and end when they are idle. Once the pool is closed, tasks
 * run on the thread that gives them.
 */
final class AnswerPool implements Executor {
    private static final int THREADS = 64;
    private static final long IDLE_SECONDS = 10;

    private final ThreadPoolExecutor threads;

    AnswerPool(String name, Watchdog watchdog) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                THREADS,
                THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> new Worker(task, name + "-" + number.incrementAndGet(), watchdog),
                (task, pool) -> task.run());
        threads.allowCoreThreadTimeOut(true);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(() -> {
            if (Thread.currentThread() instanceof Worker worker) {
                worker.work(task);
            } else {
                task.run();
            }
        });
    }

    /** Ends the threads once they have run what waits. */
    void close() {
        threads.shutdown();
    }

    private static final class Worker extends Thread implements Watchdog.Watched {
        private final AtomicLong pieces = new AtomicLong();
        private final Watchdog watchdog;
        private volatile boolean working;

        Worker(Runnable task, String name, Watchdog watchdog) {
            super(task, name);
            this.watchdog = watchdog;
            setDaemon(true);
        }

        @Override
        public void run() {
            watchdog.add(this);
            try {
                super.run();
            } finally {
                watchdog.remove(this);
            }
        }

        void work(Runnable task) {
            pieces.incrementAndGet();
            working = true;
            try {
                task.run();
            } finally {
                working = false;
            }
        }

        @Override
        public String name() {
            return getName();
        }

        @Override
        public @Nullable Thread worker() {
            return working ? this : null;
        }

        @Override
        public long piece() {
            return pieces.get();
        }
    }
}
