package io.loggos.testkit.sim;

import io.loggos.testkit.VirtualTime;
import io.loggos.testkit.network.SimulatedNetwork;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * World of one run: virtual time, a network that fails, and a journal. A subclass adds its nodes and its checkers.
 */
public abstract class Simulation {
    public final VirtualTime time = new VirtualTime();
    public final SimulatedNetwork network;
    public final Journal journal;
    private final long leastDelayNanos;
    private final long mostDelayNanos;
    private long events;

    /**
     * A world at time 0.
     *
     * @param random draws what the network does
     * @param leastDelayNanos least delay of a frame while nothing is wrong with the network
     * @param mostDelayNanos longest delay of a frame while nothing is wrong with the network
     */
    protected Simulation(RandomGenerator random, long leastDelayNanos, long mostDelayNanos, boolean tracing) {
        this.leastDelayNanos = leastDelayNanos;
        this.mostDelayNanos = mostDelayNanos;
        network = new SimulatedNetwork(time, random);
        journal = new Journal(time, tracing);
        usualDelays();
    }

    /** Gives the network the delays that it had at first. */
    public final void usualDelays() {
        longestDelay(mostDelayNanos);
    }

    /** Lets frames take longer, or no longer. */
    public final void longestDelay(long nanos) {
        network.delay(leastDelayNanos, nanos);
    }

    /** Throws what a checker has found in the last event but could not throw there. */
    protected void checkAfterEvent() {}

    /** Returns the number of events so far. */
    public final long events() {
        return events;
    }

    /** Lets so much time pass. */
    public final void runFor(long nanos) {
        long end = time.nanos() + nanos;
        while (time.nextEventNanos() <= end) {
            time.runNext();
            events++;
            checkAfterEvent();
        }
        time.runUntil(end);
    }

    /**
     * Lets time pass, step by step, until a condition holds.
     *
     * @return the time that took, or -1 if the condition does not hold by the deadline
     */
    public final long runUntilTrue(long mostNanos, long stepNanos, BooleanSupplier condition) {
        long begin = time.nanos();
        while (!condition.getAsBoolean()) {
            if (time.nanos() - begin > mostNanos) {
                return -1;
            }
            runFor(stepNanos);
        }
        return time.nanos() - begin;
    }

    /** Adds a line to the trace of the journal. */
    public final void trace(Object who, Supplier<String> what) {
        journal.trace(who, what);
    }

    /** Counts one occurrence of an event in the journal. */
    public final void note(String event) {
        journal.note(event);
    }
}
