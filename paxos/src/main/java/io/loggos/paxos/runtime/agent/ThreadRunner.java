package io.loggos.paxos.runtime.agent;

import io.loggos.api.node.UserCodeOptions;
import io.loggos.api.spi.Clock;
import io.loggos.internal.loop.Agent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread for each agent, which sleeps while there is nothing to do.
 *
 * <p>A thread that brings an event may run the agent in place of the agent's thread, for a turn or two ({@link
 * io.loggos.internal.loop.Waker#turn}). On an idle node, an event then needs no change of threads. On a busy node the
 * agent's thread does the work, with many events in a turn.
 */
public final class ThreadRunner implements AgentRunner {
    private static final Logger LOGGER = LoggerFactory.getLogger(ThreadRunner.class);
    /** Time for a disk that hangs. */
    private static final long DISK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final int TURNS_OF_OTHERS = 2;
    private static final long ENDING_NANOS = 100_000;
    /** Time for the end of a turn in which no code of the application runs. */
    private static final long LAST_NANOS = 200_000_000;

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

    private static final VarHandle TURNS;

    static {
        try {
            TURNS = MethodHandles.lookup().findVarHandle(AgentThread.class, "turns", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final String prefix;
    private final Clock clock;
    private final long patienceNanos;
    private final Watchdog watchdog;
    private final List<AgentThread> threads = new CopyOnWriteArrayList<>();
    private final List<AnswerPool> pools = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    /** Creates a runner whose threads have names that begin with {@code prefix}. */
    public ThreadRunner(String prefix, Clock clock, UserCodeOptions options) {
        this.prefix = prefix;
        this.clock = clock;
        this.patienceNanos = options.closeTimeout().toNanos();
        this.watchdog = new Watchdog(
                prefix + "-watchdog", clock::nanos, options.blockedAfter().toNanos(), LOGGER::warn);
        watchdog.start();
    }

    @Override
    public Seat seat(String name, Kind kind) {
        AgentThread thread = new AgentThread(name, kind);
        threads.add(thread);
        watchdog.add(thread);
        // Either this thread sees that the runner stops, or the stopping thread sees the seat.
        if (stopping) {
            thread.close();
        }
        return thread;
    }

    @Override
    public Executor pool(String name) {
        AnswerPool pool = new AnswerPool(prefix + "-" + name, watchdog);
        pools.add(pool);
        return pool;
    }

    @Override
    public boolean drain(CountDownLatch done) {
        try {
            if (done.await(patienceNanos, TimeUnit.NANOSECONDS)) {
                return true;
            }
            LOGGER.warn(
                    "{}: something has not ended within {} ms", prefix, TimeUnit.NANOSECONDS.toMillis(patienceNanos));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Override
    public void stop(boolean timeIsOver, Runnable whenEnded) {
        stopping = true;
        threads.forEach(AgentThread::stop);
        pools.forEach(AnswerPool::close);
        long lastNanos = timeIsOver ? LAST_NANOS : patienceNanos;
        List<AgentThread> others =
                threads.stream().filter(thread -> !thread.isTurnedHere()).toList();
        List<AgentThread> late = awaitEnd(others, thread -> thread.kind == Kind.NODE ? DISK_NANOS : lastNanos);
        watchdog.stop();
        if (late.isEmpty()) {
            whenEnded.run();
            return;
        }
        late.forEach(AgentThread::leaveBehind);
        LOGGER.warn("{}: what these {} threads use stays open, and locked, until they have ended", prefix, late.size());
        Thread last = new Thread(
                () -> {
                    awaitEnd(late, thread -> Long.MAX_VALUE);
                    whenEnded.run();
                },
                prefix + "-end");
        last.setDaemon(true);
        last.start();
    }

    /** Waits for the end of threads, for each as long as is stated, from now. Returns those that still run. */
    private List<AgentThread> awaitEnd(List<AgentThread> these, ToLongFunction<AgentThread> nanos) {
        long begin = clock.nanos();
        boolean interrupted = false;
        for (AgentThread each : these) {
            long left = nanos.applyAsLong(each) - (clock.nanos() - begin);
            while (each.thread.isAlive() && left > 0) {
                try {
                    each.thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                left = nanos.applyAsLong(each) - (clock.nanos() - begin);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return these.stream().filter(each -> each.thread.isAlive()).toList();
    }

    /** An agent that was seated, and who is told of its death. */
    private record Seated(Agent agent, BiConsumer<Agent, Throwable> onDeath) {}

    private final class AgentThread implements Seat, Watchdog.Watched {
        private final String name;
        private final Kind kind;
        private final Thread thread;
        private final AtomicReference<State> state = new AtomicReference<>(State.EMPTY);
        /** Set before the state leaves EMPTY. */
        private volatile @Nullable Seated seated;
        /** The time of the next work without a wake-up. The running thread owns it and hands it on with the state. */
        private volatile long dueNanos = Long.MIN_VALUE;
        /** The time until which the agent's thread sleeps unless it is woken. In the past while it is awake. */
        private volatile long sleepsUntilNanos = Long.MIN_VALUE;

        private volatile @Nullable Thread turner;
        /** Counts the turns. Written by the running thread. */
        private volatile long turns;

        private volatile boolean stopped;
        /** Used by the agent's own thread. */
        private boolean interruptNoted;

        AgentThread(String name, Kind kind) {
            this.name = name;
            this.kind = kind;
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

        @Override
        public void close() {
            threads.remove(this);
            watchdog.remove(this);
            stop();
        }

        void stop() {
            stopped = true;
            LockSupport.unpark(thread);
        }

        /** Goes on without this thread. It may be in code of the application, which is interrupted, or wait for a disk. */
        void leaveBehind() {
            LOGGER.warn(
                    "{}: \"{}\" has not ended, and is left behind; it is at{}", prefix, name, Watchdog.stack(thread));
            if (kind == Kind.APPLICATION) {
                thread.interrupt();
            }
        }

        @Override
        public String name() {
            return prefix + "-" + name;
        }

        @Override
        public @Nullable Thread worker() {
            return turner;
        }

        @Override
        public long piece() {
            return turns;
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
            TURNS.setRelease(this, turns + 1);
            try {
                here.agent.doWork();
                clearInterrupt();
                dueNanos = here.agent.nextWorkNanos();
                return true;
            } catch (Throwable death) {
                LOGGER.error("{}: the thread \"{}\" dies", prefix, name, death);
                state.set(State.ENDED);
                stop();
                try {
                    here.onDeath.accept(here.agent, death);
                } catch (Throwable again) {
                    LOGGER.error("{}: the end of the thread \"{}\" fails", prefix, name, again);
                }
                return false;
            }
        }

        /** Clears a flag that user code has left set, since no wait of this thread would last. */
        private void clearInterrupt() {
            if (Thread.currentThread() == thread && Thread.interrupted() && !interruptNoted) {
                interruptNoted = true;
                LOGGER.warn("{} was left interrupted; the flag is cleared", thread.getName());
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
