package io.loggos.paxos.runtime.agent;

import io.loggos.api.spi.Clock;
import io.loggos.internal.loop.Agent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread for each agent, which sleeps while there is nothing to do.
 *
 * <p>A thread that brings an event may run the agent in place of the agent's thread, for a turn or two ({@link
 * io.loggos.internal.loop.Waker#turn}). On an idle node, an event then needs no change of threads. On a busy node the agent's thread does the
 * work, with many events in a turn.
 */
public final class ThreadRunner implements AgentRunner {
    private static final Logger LOGGER = LoggerFactory.getLogger(ThreadRunner.class);
    private static final int DRAIN_SECONDS = 5;
    private static final long STOP_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final int TURNS_OF_OTHERS = 2;
    private static final long ENDING_NANOS = 100_000;

    /** The state of an agent. It changes only by compare-and-set. */
    private enum State {
        /** The seat has no agent yet. */
        EMPTY,
        /** No thread runs it, and there is no work before the time that it gave. */
        IDLE,
        /** Its own thread was woken to run it. */
        DUE,
        /** A thread runs it. */
        TURNING,
        /** A thread runs it, and must run it again. */
        AGAIN,
        /** No thread will run it again. */
        ENDED
    }

    private final String prefix;
    private final Clock clock;
    private final List<AgentThread> threads = new ArrayList<>();

    /** Creates a runner whose threads have names that begin with {@code prefix}. */
    public ThreadRunner(String prefix, Clock clock) {
        this.prefix = prefix;
        this.clock = clock;
    }

    @Override
    public Seat seat(String name) {
        AgentThread thread = new AgentThread(name);
        threads.add(thread);
        return thread;
    }

    @Override
    public void drain(CountDownLatch done) {
        try {
            if (!done.await(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                LOGGER.warn("{}: something has not ended within " + DRAIN_SECONDS + " s", prefix);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void stop(Runnable whenEnded) {
        threads.forEach(AgentThread::stop);
        List<AgentThread> others =
                threads.stream().filter(thread -> !thread.isTurnedHere()).toList();
        List<AgentThread> late = awaitEnd(others, System.nanoTime() + STOP_NANOS);
        if (late.isEmpty()) {
            whenEnded.run();
            return;
        }
        LOGGER.warn(
                "{}: the threads {} have not ended. What they use stays open, and locked, until they have",
                prefix,
                late.stream().map(thread -> thread.name).toList());
        Thread last = new Thread(
                () -> {
                    awaitEnd(late, Long.MAX_VALUE);
                    whenEnded.run();
                },
                prefix + "-end");
        last.setDaemon(true);
        last.start();
    }

    /** Waits for the end of threads until a time, or without end if it is MAX_VALUE. Returns those that still run. */
    private static List<AgentThread> awaitEnd(List<AgentThread> threads, long untilNanos) {
        boolean interrupted = false;
        for (AgentThread each : threads) {
            long left = 1;
            while (each.thread.isAlive() && left > 0) {
                try {
                    left = untilNanos == Long.MAX_VALUE ? 1 : (untilNanos - System.nanoTime()) / 1_000_000;
                    if (untilNanos == Long.MAX_VALUE) {
                        each.thread.join();
                    } else if (left > 0) {
                        each.thread.join(left);
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return threads.stream().filter(each -> each.thread.isAlive()).toList();
    }

    /** An agent that was seated, and who is told of its death. */
    private record Seated(Agent agent, BiConsumer<Agent, Throwable> onDeath) {}

    private final class AgentThread implements Seat {
        private final Thread thread;
        private final AtomicReference<State> state = new AtomicReference<>(State.EMPTY);
        /** Set before the state leaves EMPTY. */
        private volatile @Nullable Seated seated;
        /** The time of the next work without a wake-up. The running thread owns it and hands it on with the state. */
        private volatile long dueNanos = Long.MIN_VALUE;
        /** The time until which the agent's thread sleeps unless it is woken. In the past while it is awake. */
        private volatile long sleepsUntilNanos = Long.MIN_VALUE;

        private volatile @Nullable Thread turner;
        private volatile boolean stopped;

        private final String name;

        AgentThread(String name) {
            this.name = name;
            this.thread = new Thread(this::turnUntilStopped, prefix + "-" + name);
            thread.setDaemon(true);
        }

        @Override
        public void run(Agent agent, BiConsumer<Agent, Throwable> onDeath) {
            seated = new Seated(agent, onDeath);
            if (!state.compareAndSet(State.EMPTY, State.DUE)) {
                throw new IllegalStateException("the seat of \"" + agent.name() + "\" is taken");
            }
            thread.start();
        }

        @Override
        public void wake() {
            while (true) {
                State now = state.get();
                // The read comes first: to wake a busy agent must cost no write, which other threads would notice.
                if (now == State.DUE || now == State.AGAIN || now == State.ENDED || now == State.EMPTY) {
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

        private void turnUntilStopped() {
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
         * Runs the agent while there is work. The state is TURNING.
         *
         * @return true if the agent is idle now; false if the number of turns is used up and the caller still owns it
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

        // An agent that threw anything at all must not run again, and its node must know.
        private boolean turnOnce() {
            Seated here = Objects.requireNonNull(seated);
            try {
                here.agent.doWork();
                dueNanos = here.agent.nextWorkNanos();
                return true;
            } catch (Throwable death) {
                state.set(State.ENDED);
                stop();
                here.onDeath.accept(here.agent, death);
                return false;
            }
        }

        private void sleep() {
            long until = state.get() == State.IDLE ? dueNanos : Long.MAX_VALUE;
            sleepsUntilNanos = until;
            // The state is read again: a running thread first leaves the agent, and then looks at the time of this
            // sleep.
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
