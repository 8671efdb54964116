package io.loggos.multicast.runtime;

/** The node's loop, as its groups see it. */
public interface GroupLoop {
    /** A step on the loop's thread. */
    @FunctionalInterface
    interface Step {
        void at(long now);
    }

    /** Runs a step on the loop's thread, for a caller outside of the node. Any thread. */
    void submit(Step step);

    /** Runs a step for a thread of the node, which may turn the loop itself for it. */
    void deliver(Step step);
}
