package io.loggos.paxos.sim;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.user.Lane;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.paxos.runtime.loop.NodeLoop;
import io.loggos.storage.GroupCommit;
import io.loggos.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Turns the agents of one life of a node on virtual time, each after a delay as a thread would need. */
public final class SimRunner implements AgentRunner {
    private static final long MICRO = 1_000L;
    private static final List<String> OF_THE_DISK = List.of(GroupCommit.NAME, "read", "checkpoint");

    private final VirtualTime time;
    private final LocalClock clock;
    private final RandomGenerator random;
    private final Consumer<String> afterEach;
    private final List<Turning> turning = new ArrayList<>();
    private boolean stopped;
    private boolean paused;
    private final Set<String> hung = new TreeSet<>();
    private long loopDelayNanos = 50 * MICRO;
    private long diskDelayNanos = 500 * MICRO;
    /** The events that happen while the process stands still in the next turn of its loop. */
    private @Nullable Runnable standstill;
    /** The time that the turn under way takes, beside the usual delay. */
    private long spentNanos;

    /**
     * Makes a runner.
     *
     * @param afterEach receives the name of an agent after each of its turns
     */
    SimRunner(VirtualTime time, LocalClock clock, RandomGenerator random, Consumer<String> afterEach) {
        this.time = time;
        this.clock = clock;
        this.random = random;
        this.afterEach = afterEach;
    }

    @Override
    public Seat seat(String name, Kind kind) {
        Turning made = new Turning(name);
        turning.add(made);
        return made;
    }

    /** Runs the tasks one after the other, since none of them blocks here. */
    @Override
    public Executor pool(String name) {
        Turning seat = new Turning(name);
        turning.add(seat);
        Lane lane = new Lane(seat::wake, () -> {});
        seat.run(
                new Agent() {
                    @Override
                    public String name() {
                        return name;
                    }

                    @Override
                    public int doWork() {
                        return lane.drain(Integer.MAX_VALUE);
                    }

                    @Override
                    public long nextWorkNanos() {
                        return lane.isEmpty() ? Long.MAX_VALUE : Long.MIN_VALUE;
                    }
                },
                (agent, cause) -> {});
        return lane;
    }

    /** Returns at once, as if its time were up. What is waited for happens later, or not. */
    @Override
    public boolean drain(CountDownLatch done) {
        return false;
    }

    /** Runs no agent any more, as if the process had ended. */
    void halt() {
        stopped = true;
    }

    @Override
    public void stop(boolean timeIsOver, Runnable whenEnded) {
        halt();
        whenEnded.run();
    }

    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
        List.copyOf(turning).forEach(Turning::wake);
    }

    /** Lets a write of the log not end, or end now. */
    public void hangDisk(boolean now) {
        hang(GroupCommit.NAME, now);
    }

    /** Lets an agent take no further step, or go on now. */
    public void hang(String agent, boolean now) {
        if (now) {
            hung.add(agent);
        } else {
            hung.remove(agent);
        }
        List.copyOf(turning).forEach(Turning::wake);
    }

    /** Lets all agents go on. */
    public void hangNothing() {
        hung.clear();
        turning.forEach(Turning::wake);
    }

    /** The names of the agents. */
    List<String> agents() {
        return turning.stream().map(turn -> turn.name).toList();
    }

    public void loopDelay(long nanos) {
        loopDelayNanos = nanos;
    }

    public void diskDelay(long nanos) {
        diskDelayNanos = nanos;
    }

    /**
     * Lets the turn that is under way take longer, so that its agent takes the next turn later.
     *
     * @param most the longest time that a turn takes in this way
     */
    void spend(long nanos, long most) {
        spentNanos = Math.min(most, spentNanos + nanos);
    }

    /**
     * Lets the process stand still within the next turn of its loop, just after that has read the time.
     *
     * @param meanwhile pauses the node, lets time pass, and lets the node go on
     */
    public void standStill(Runnable meanwhile) {
        standstill = meanwhile;
    }

    private final class Turning implements Seat {
        private final String name;
        private @Nullable Agent agent;
        private long scheduledAt = Long.MAX_VALUE;
        /** The end of its last turn. */
        private long busyUntil;

        private boolean running;
        private boolean again;
        private boolean closed;

        Turning(String name) {
            this.name = name;
        }

        @Override
        public void run(Agent newAgent, BiConsumer<Agent, Throwable> onDeath) {
            agent = newAgent;
            wake();
        }

        @Override
        public void wake() {
            if (agent == null) {
                return;
            }
            if (running) {
                again = true;
            } else {
                schedule(time.nanos() + delay());
            }
        }

        @Override
        public void close() {
            closed = true;
            turning.remove(this);
        }

        private long delay() {
            long most = OF_THE_DISK.contains(name) ? diskDelayNanos : loopDelayNanos;
            return most / 4 + random.nextLong(most);
        }

        private void schedule(long notBefore) {
            long at = Math.max(notBefore, busyUntil);
            if (at < scheduledAt) {
                scheduledAt = at;
                time.at(at, () -> run(at));
            }
        }

        private void run(long at) {
            if (at != scheduledAt) {
                return;
            }
            scheduledAt = Long.MAX_VALUE;
            if (stopped || closed || paused || hung.contains(name)) {
                return;
            }
            running = true;
            again = false;
            spentNanos = 0;
            if (standstill != null && name.equals(NodeLoop.NAME)) {
                clock.atNextReading(standstill);
                standstill = null;
            }
            int work;
            try {
                work = agent.doWork();
            } finally {
                running = false;
            }
            busyUntil = time.nanos() + spentNanos;
            afterEach.accept(name);
            if (work > 0 || again) {
                schedule(time.nanos() + delay());
            } else if (agent.nextWorkNanos() != Long.MAX_VALUE) {
                schedule(Math.max(clock.simulationNanos(agent.nextWorkNanos()), time.nanos() + MICRO));
            }
        }
    }
}
