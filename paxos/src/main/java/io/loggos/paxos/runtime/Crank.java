package io.loggos.paxos.runtime;

import io.loggos.api.spi.Agent;
import io.loggos.api.spi.Waker;
import java.util.concurrent.CountDownLatch;

/** Turns the cranks of a node's agents: with threads, or on the virtual time of a simulation. */
public interface Crank {
    /** Begins to turn an agent; the waker says that it has something to do. */
    Waker turn(Agent agent);

    /** Goes on turning until something is done, or for a short time at the most. */
    void drain(CountDownLatch done);

    /** Turns nothing any more; returns when no agent is being turned, but for the one that calls this. */
    void stop();
}
