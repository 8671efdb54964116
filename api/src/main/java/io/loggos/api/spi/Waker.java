package io.loggos.api.spi;

/** Tells whoever turns an agent's crank that there is something to do. Any thread; cheap when it is awake. */
@FunctionalInterface
public interface Waker {
    void wake();

    /**
     * Wakes the agent, or turns its crank on the calling thread if nobody is turning it: for threads of the node, which
     * bring an event and have nothing else to do. It saves the event a change of threads.
     */
    default void turn() {
        wake();
    }
}
