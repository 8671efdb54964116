package io.loggos.paxos.runtime.agent;

import io.loggos.internal.loop.Agent;
import io.loggos.internal.loop.Waker;
import java.util.concurrent.CountDownLatch;

/** Runs the agents of a node: with threads, or on the virtual time of a simulation. */
public interface AgentRunner {
    /** Begins to run an agent. The waker tells this runner that the agent has work. */
    Waker turn(Agent agent);

    /** Runs the agents until {@code done} is counted down, or for a short time at most. */
    void drain(CountDownLatch done);

    /**
     * Stops all agents.
     *
     * <p>Returns when no agent is running, except the one whose turn makes this call.
     */
    void stop();
}
