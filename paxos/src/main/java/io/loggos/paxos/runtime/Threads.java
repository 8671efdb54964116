package io.loggos.paxos.runtime;

import io.loggos.api.spi.Agent;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread for each agent. It sleeps while there is nothing to do. */
public final class Threads implements Crank {
    private static final Logger LOGGER = LoggerFactory.getLogger(Threads.class);
    private static final int DRAIN_SECONDS = 5;

    private final String prefix;
    private final Clock clock;
    private final BiConsumer<Agent, Throwable> onDeath;
    private final List<AgentThread> threads = new ArrayList<>();

    /**
     * Threads whose names begin with {@code prefix}.
     *
     * @param onDeath told of an agent that threw; its thread has ended then
     */
    public Threads(String prefix, Clock clock, BiConsumer<Agent, Throwable> onDeath) {
        this.prefix = prefix;
        this.clock = clock;
        this.onDeath = onDeath;
    }

    @Override
    public Waker turn(Agent agent) {
        AgentThread thread = new AgentThread(agent);
        threads.add(thread);
        thread.thread.start();
        return thread;
    }

    @Override
    public void drain(CountDownLatch done) {
        try {
            if (!done.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.warn("{}: closed while its loop did not answer", prefix);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop() {
        threads.forEach(AgentThread::stop);
        boolean interrupted = false;
        for (AgentThread thread : threads) {
            while (thread.thread.isAlive() && thread.thread != Thread.currentThread()) {
                try {
                    thread.thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private final class AgentThread implements Waker {
        private final Agent agent;
        private final Thread thread;
        private final AtomicBoolean woken = new AtomicBoolean();
        private volatile boolean stopped;

        AgentThread(Agent agent) {
            this.agent = agent;
            this.thread = new Thread(this::run, prefix + "-" + agent.name());
            thread.setDaemon(true);
        }

        @Override
        public void wake() {
            // Read first: while the agent is busy, waking it costs no write that other threads would feel.
            if (!woken.get() && !woken.getAndSet(true)) {
                LockSupport.unpark(thread);
            }
        }

        void stop() {
            stopped = true;
            woken.set(true);
            LockSupport.unpark(thread);
        }

        // An agent that threw anything at all must not be turned again, and its node must know.
        private void run() {
            try {
                while (!stopped) {
                    woken.set(false);
                    if (agent.doWork() == 0 && !woken.get()) {
                        sleep();
                    }
                }
            } catch (Throwable death) {
                onDeath.accept(agent, death);
            }
        }

        private void sleep() {
            long next = agent.nextWorkNanos();
            if (next == Long.MAX_VALUE) {
                LockSupport.park(this);
                return;
            }
            long wait = next - clock.nanos();
            if (wait > 0) {
                LockSupport.parkNanos(this, wait);
            }
        }
    }
}
