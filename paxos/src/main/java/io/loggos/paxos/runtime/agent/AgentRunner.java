package io.loggos.paxos.runtime.agent;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

/** Runs the agents of a node: with threads, or in the virtual time of a simulation. Any thread. */
public interface AgentRunner {
    /** The code that an agent runs. */
    enum Kind {
        /** The node's code alone. */
        NODE,
        /** Code of the application as well, which may not return. */
        APPLICATION
    }

    /**
     * The place of one agent. It exists before the agent does, so that whoever brings the agent work can be built
     * first. A wake-up before {@link #run} has no effect.
     */
    interface Seat extends Waker {
        /**
         * Starts to run an agent. Once.
         *
         * @param onDeath receives an agent that threw, and the exception; the agent is not run again
         */
        void run(Agent agent, BiConsumer<Agent, Throwable> onDeath);

        /** Runs the agent no more, except for a call that is under way. */
        void close();
    }

    /**
     * Makes a place for an agent.
     *
     * @param name the {@link Agent#name} of the agent to come
     */
    Seat seat(String name, Kind kind);

    /**
     * Makes an executor with several threads for code of the application.
     *
     * @param name the name of its threads, before their numbers
     */
    Executor pool(String name);

    /**
     * Goes on running agents until the latch is at zero, or for the time that the application's code is given.
     *
     * @return true if the latch is at zero
     */
    boolean drain(CountDownLatch done);

    /**
     * Stops all agents. Returns when none of them runs, except the one that calls this method.
     *
     * <p>It waits for a stated time, and not for the application's code if its time is over already. Then it logs the
     * agents that still run, and goes on without them.
     *
     * @param timeIsOver true if the application's code was given its time
     * @param whenEnded runs when none runs any more: during this call, or later on another thread
     */
    void stop(boolean timeIsOver, Runnable whenEnded);
}
