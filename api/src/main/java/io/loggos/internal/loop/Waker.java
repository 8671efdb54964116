package io.loggos.internal.loop;

/** Wakes an agent that has new work. Safe for use by any thread; cheap if the agent is awake. */
@FunctionalInterface
public interface Waker {
    /** Wakes the agent. */
    void wake();

    /**
     * Wakes the agent, or runs it on the calling thread if no other thread is running it.
     *
     * <p>For threads of the node that bring an event and have no other work. It saves the event a change of threads.
     */
    default void turn() {
        wake();
    }
}
