package io.loggos.paxos.sim;

import io.loggos.internal.loop.Agent;
import io.loggos.paxos.runtime.agent.AgentRunner;
import io.loggos.storage.GroupCommit;
import io.loggos.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Turns the agents of one life of a node on virtual time, each after a delay as a thread would need. */
public final class SimRunner implements AgentRunner {
    private static final long MICRO = 1_000L;
    private static final List<String> OF_THE_CPU = List.of("loop", "apply", "deliver");

    private final VirtualTime time;
    private final RandomGenerator random;
    private final Consumer<String> afterEach;
    private final List<Turning> turning = new ArrayList<>();
    private boolean stopped;
    private boolean paused;
    private boolean hung;
    private long loopDelayNanos = 50 * MICRO;
    private long diskDelayNanos = 500 * MICRO;

    /**
     * Makes a runner.
     *
     * @param afterEach receives the name of an agent after each of its turns
     */
    public SimRunner(VirtualTime time, RandomGenerator random, Consumer<String> afterEach) {
        this.time = time;
        this.random = random;
        this.afterEach = afterEach;
    }

    @Override
    public Seat seat(String name) {
        Turning made = new Turning(name);
        turning.add(made);
        return made;
    }

    /** Returns at once, as if its time were up. What is waited for happens later, or not. */
    @Override
    public void drain(CountDownLatch done) {}

    /** Runs no agent any more, as if the process had ended. */
    void halt() {
        stopped = true;
    }

    @Override
    public void stop(Runnable whenEnded) {
        halt();
        whenEnded.run();
    }

    public void pause() {
        paused = true;
    }

    public void resume() {
        paused = false;
        turning.forEach(Turning::wake);
    }

    /** Lets a write of the log not end, or end now. */
    public void hangDisk(boolean now) {
        hung = now;
        turning.forEach(Turning::wake);
    }

    public void loopDelay(long nanos) {
        loopDelayNanos = nanos;
    }

    public void diskDelay(long nanos) {
        diskDelayNanos = nanos;
    }

    private final class Turning implements Seat {
        private final String name;
        private @Nullable Agent agent;
        private long scheduledAt = Long.MAX_VALUE;
        private boolean running;
        private boolean again;

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

        private long delay() {
            long most = OF_THE_CPU.contains(name) ? loopDelayNanos : diskDelayNanos;
            return most / 4 + random.nextLong(most);
        }

        private void schedule(long at) {
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
            if (stopped || paused || (hung && name.equals(GroupCommit.NAME))) {
                return;
            }
            running = true;
            again = false;
            int work;
            try {
                work = agent.doWork();
            } finally {
                running = false;
            }
            afterEach.accept(name);
            if (work > 0 || again) {
                schedule(time.nanos() + delay());
            } else if (agent.nextWorkNanos() != Long.MAX_VALUE) {
                schedule(Math.max(agent.nextWorkNanos(), time.nanos() + MICRO));
            }
        }
    }
}
