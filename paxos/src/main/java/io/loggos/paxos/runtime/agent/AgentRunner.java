package io.loggos.paxos.runtime.agent;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import java.util.concurrent.CountDownLatch;
import java.util.function.BiConsumer;

/** Runs the agents of a node: with threads, or in the virtual time of a simulation. */
public interface AgentRunner {
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
    }

    /**
     * Makes a place for an agent.
     *
     * @param name the {@link Agent#name} of the agent to come
     */
    Seat seat(String name);

    /** Goes on running agents until the latch is at zero, or for a few seconds. */
    void drain(CountDownLatch done);

    /**
     * Stops all agents. Returns when none of them runs, except the one that calls this method, or after a few seconds.
     * Those that still run then are logged.
     *
     * @param whenEnded runs when none runs any more: during this call, or later on another thread
     */
    void stop(Runnable whenEnded);
}
