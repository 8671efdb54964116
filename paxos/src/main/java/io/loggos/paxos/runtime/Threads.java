package io.loggos.paxos.runtime;

import io.loggos.api.spi.Agent;
import io.loggos.api.spi.Clock;
import io.loggos.api.spi.Waker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread for each agent, which sleeps while there is nothing to do. A thread that brings an agent an event may
 * turn its crank in place of that thread ({@link Waker#turn}), for a turn or two: then an event on an idle node costs
 * no change of threads, and on a busy one the agent's own thread does the work, many events in a turn.
 */
public final class Threads implements Crank {
    private static final Logger LOGGER = LoggerFactory.getLogger(Threads.class);
    private static final int DRAIN_SECONDS = 5;
    private static final int TURNS_OF_OTHERS = 2;
    private static final long ENDING_NANOS = 100_000;

    /** Where an agent is; changed by compare-and-set alone. */
    private enum State {
        /** Nobody turns it; nothing to do before the time that it gave. */
        IDLE,
        /** Its own thread was woken to turn it. */
        DUE,
        /** Somebody turns it. */
        TURNING,
        /** Somebody turns it and shall turn it again. */
        AGAIN,
        /** Nobody will ever turn it again. */
        ENDED
    }

    private final String prefix;
    private final Clock clock;
    private final BiConsumer<Agent, Throwable> onDeath;
    private final List<AgentThread> threads = new ArrayList<>();

    /**
     * Threads whose names begin with {@code prefix}.
     *
     * @param onDeath told of an agent that threw; nobody turns it any more then
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
            while (thread.thread.isAlive() && !thread.isTurnedHere()) {
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
        private final AtomicReference<State> state = new AtomicReference<>(State.DUE);
        /** When there is something to do without a wake. Of whoever turns, and handed on with the state. */
        private volatile long dueNanos = Long.MIN_VALUE;
        /** Until when the own thread sleeps unless it is woken; in the past while it does not sleep. */
        private volatile long sleepsUntilNanos = Long.MIN_VALUE;

        private volatile @Nullable Thread turner;
        private volatile boolean stopped;

        AgentThread(Agent agent) {
            this.agent = agent;
            this.thread = new Thread(this::run, prefix + "-" + agent.name());
            thread.setDaemon(true);
        }

        @Override
        public void wake() {
            while (true) {
                State now = state.get();
                // Read first: while the agent is busy, waking it costs no write that other threads would feel.
                if (now == State.DUE || now == State.AGAIN || now == State.ENDED) {
                    return;
                }
                if (state.compareAndSet(now, now == State.IDLE ? State.DUE : State.AGAIN)) {
                    if (now == State.IDLE) {
                        LockSupport.unpark(thread);
                    }
                    return;
                }
            }
        }

        @Override
        public void turn() {
            if (stopped || !state.compareAndSet(State.IDLE, State.TURNING)) {
                wake();
            } else if (!turnWhileDue(TURNS_OF_OTHERS)) {
                state.set(State.DUE);
                LockSupport.unpark(thread);
            } else if (dueNanos < sleepsUntilNanos) {
                LockSupport.unpark(thread);
            }
        }

        void stop() {
            stopped = true;
            LockSupport.unpark(thread);
        }

        boolean isTurnedHere() {
            return thread == Thread.currentThread() || turner == Thread.currentThread();
        }

        private void run() {
            while (!stopped) {
                State now = state.get();
                boolean due = now == State.DUE || (now == State.IDLE && dueNanos <= clock.nanos());
                if (due && state.compareAndSet(now, State.TURNING)) {
                    turnWhileDue(Integer.MAX_VALUE);
                } else if (!due) {
                    sleep();
                }
            }
            while (!state.compareAndSet(State.IDLE, State.ENDED)
                    && !state.compareAndSet(State.DUE, State.ENDED)
                    && state.get() != State.ENDED) {
                LockSupport.parkNanos(this, ENDING_NANOS);
            }
        }

        /**
         * Turns the crank while there is something to do. The state is TURNING.
         *
         * @return whether it is idle now; if not, it has been turned so many times and the caller still has it
         */
        private boolean turnWhileDue(int turns) {
            turner = Thread.currentThread();
            for (int turn = 0; turn < turns && !stopped; turn++) {
                if (!turnOnce()) {
                    turner = null;
                    return true;
                }
                if (dueNanos > clock.nanos()) {
                    turner = null;
                    if (state.compareAndSet(State.TURNING, State.IDLE)) {
                        return true;
                    }
                    turner = Thread.currentThread();
                }
                state.set(State.TURNING);
            }
            turner = null;
            if (stopped) {
                state.set(State.DUE);
                return true;
            }
            return false;
        }

        // An agent that threw anything at all must not be turned again, and its node must know.
        private boolean turnOnce() {
            try {
                agent.doWork();
                dueNanos = agent.nextWorkNanos();
                return true;
            } catch (Throwable death) {
                state.set(State.ENDED);
                stop();
                onDeath.accept(agent, death);
                return false;
            }
        }

        private void sleep() {
            long until = state.get() == State.IDLE ? dueNanos : Long.MAX_VALUE;
            sleepsUntilNanos = until;
            // Looked at again: who turns the crank meanwhile leaves it first, and then looks until when this sleeps.
            State now = state.get();
            if (!stopped && now != State.DUE && (now != State.IDLE || dueNanos == until)) {
                if (until == Long.MAX_VALUE) {
                    LockSupport.park(this);
                } else {
                    LockSupport.parkNanos(this, Math.max(0, until - clock.nanos()));
                }
            }
            sleepsUntilNanos = Long.MIN_VALUE;
        }
    }
}
